//! A sheet of cards as SVG, which a browser prints as it is.

use std::fmt::Write as _;

use super::sheet::{BRAND, CARD, CODE, CODE_AT, Card, Sheet, WORDS, placed};

/// The whole sheet.
pub(super) fn svg(sheet: &Sheet<'_>) -> String {
    let ((width, height), language) = (sheet.paper.size(), sheet.language);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}mm\" height=\"{height}mm\" \
         viewBox=\"0 0 {width} {height}\" font-family=\"system-ui, sans-serif\" xml:lang=\"{language}\">\n\
         <path fill=\"#fff\" d=\"M0 0h{width}v{height}H0z\"/>\n"
    );
    for card in &sheet.cards {
        one(&mut svg, sheet, card);
    }
    svg.push_str("</svg>\n");
    svg
}

/// One card: the outline to cut, the shop, the question, the code.
fn one(svg: &mut String, sheet: &Sheet<'_>, card: &Card<'_>) {
    // Writing to a string cannot fail.
    writeln!(
        svg,
        "<g transform=\"translate({:.2} {:.2})\"><path fill=\"none\" stroke=\"#bbb\" stroke-width=\".2\" \
         stroke-dasharray=\"1 1\" d=\"M0 0h{}v{}H0z\"/>\
         <text x=\"{}\" y=\"{}\" font-size=\"{}\" font-weight=\"600\">{}</text>\
         <g transform=\"translate({} {}) scale({:.5})\" shape-rendering=\"crispEdges\"><path d=\"{}\"/></g>",
        card.x,
        card.y,
        CARD.0,
        CARD.1,
        BRAND.0,
        BRAND.1,
        BRAND.2,
        escaped(&sheet.brand),
        CODE_AT.0,
        CODE_AT.1,
        CODE / f32::from(card.code.side),
        card.code.path()
    )
    .ok();
    for (y, line) in placed(sheet.question) {
        let (x, size) = (WORDS.0, WORDS.2);
        writeln!(svg, "<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\">{}</text>", escaped(&line)).ok();
    }
    svg.push_str("</g>\n");
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_stays_text() {
        assert_eq!(escaped("<a & b>"), "&lt;a &amp; b&gt;");
    }
}
