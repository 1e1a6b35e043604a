//! A sheet of cards as PDF: vectors alone, the same on every printer.
//!
//! Words are set in the fonts that every reader of PDF has (ISO 32000-2, section 9.6.2.2), which know the letters of
//! western Europe only. A question in others is left out, and the address stands in its place.

use std::io::Write as _;

use anyhow::Context as _;
use flate2::Compression;
use flate2::write::ZlibEncoder;
use pdf_writer::{Content, Filter, Finish as _, Name, Pdf, Rect, Ref, Str, TextStr};

use super::sheet::{BRAND, CARD, CODE, CODE_AT, Card, Sheet, WORDS, placed};

/// Points of PDF in a millimetre.
const POINTS: f32 = 72.0 / 25.4;

/// What the two fonts are called inside the page.
const PLAIN: Name<'static> = Name(b"F1");
const BOLD: Name<'static> = Name(b"F2");

/// Grey of the lines to cut along: the `#bbb` of the drawing for browsers.
const CUT_GREY: f32 = 0.73;

/// What `WinAnsi` has where Latin-1 has nothing (ISO 32000-2, annex D.2), from 0x80 on; a blank where it has nothing, too.
const OWN: &str = "€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ";

/// The whole sheet, one page.
pub(super) fn pdf(sheet: &Sheet<'_>) -> anyhow::Result<Vec<u8>> {
    let [catalog, pages, page_id, drawn, plain, bold, about] = [1, 2, 3, 4, 5, 6, 7].map(Ref::new);
    let (width, height) = sheet.paper.size();
    let mut pdf = Pdf::new();
    let mut root = pdf.catalog(catalog);
    root.pages(pages).lang(TextStr(sheet.language));
    root.viewer_preferences().display_doc_title(true);
    root.finish();
    pdf.document_info(about).title(TextStr(&sheet.brand));
    pdf.pages(pages).kids([page_id]).count(1);
    let mut page = pdf.page(page_id);
    page.media_box(Rect::new(0.0, 0.0, width * POINTS, height * POINTS)).parent(pages).contents(drawn);
    let mut resources = page.resources();
    resources.fonts().pair(PLAIN, plain).pair(BOLD, bold);
    resources.finish();
    page.finish();
    for (font, name) in [(plain, &b"Helvetica"[..]), (bold, b"Helvetica-Bold")] {
        pdf.type1_font(font).base_font(Name(name)).encoding_predefined(Name(b"WinAnsiEncoding"));
    }
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(&drawing(sheet)).context("could not compress a sheet of cards")?;
    let bytes = encoder.finish().context("could not compress a sheet of cards")?;
    pdf.stream(drawn, &bytes).filter(Filter::FlateDecode);
    Ok(pdf.finish())
}

/// What is drawn, in millimetres from the upper left corner.
fn drawing(sheet: &Sheet<'_>) -> Vec<u8> {
    let mut content = Content::new();
    content.transform([POINTS, 0.0, 0.0, -POINTS, 0.0, sheet.paper.size().1 * POINTS]);
    let (brand, question) = (win_ansi(&sheet.brand), win_ansi(sheet.question));
    for card in &sheet.cards {
        content.save_state().transform([1.0, 0.0, 0.0, 1.0, card.x, card.y]);
        content.set_line_width(0.2).set_dash_pattern([1.0, 1.0], 0.0).set_stroke_gray(CUT_GREY);
        content.rect(0.0, 0.0, CARD.0, CARD.1).stroke();
        if let Some(brand) = &brand {
            write(&mut content, BOLD, BRAND, brand);
        }
        let words = if question.is_some() { sheet.question } else { card.url };
        for (y, line) in placed(words) {
            write(&mut content, PLAIN, (WORDS.0, y, WORDS.2), &win_ansi(&line).unwrap_or_default());
        }
        code(&mut content, card);
        content.restore_state();
    }
    content.finish().into_vec()
}

/// A line of text at `x`, `y`, of letters of this size.
fn write(content: &mut Content, font: Name<'_>, (x, y, size): (f32, f32, f32), text: &[u8]) {
    // Upright again: the page is upside down.
    content.begin_text().set_font(font, size).set_text_matrix([1.0, 0.0, 0.0, -1.0, x, y]);
    content.show(Str(text)).end_text();
}

/// The code, over a white square: a line that is too wide ends there.
fn code(content: &mut Content, card: &Card<'_>) {
    let side = f32::from(card.code.side);
    let scale = CODE / side;
    content.save_state().transform([scale, 0.0, 0.0, scale, CODE_AT.0, CODE_AT.1]);
    content.set_fill_gray(1.0).rect(0.0, 0.0, side, side).fill_nonzero().set_fill_gray(0.0);
    for run in &card.code.runs {
        content.rect(f32::from(run.x), f32::from(run.y), f32::from(run.len), 1.0);
    }
    content.fill_nonzero().restore_state();
}

/// The bytes of a text in `WinAnsi`; `None` where a letter is not in it.
fn win_ansi(text: &str) -> Option<Vec<u8>> {
    let byte = |letter: char| match letter {
        // French has one before its question marks, which looks like the usual one here.
        '\u{202f}' => Some(0xa0),
        ' '..='~' | '\u{a0}'..='ÿ' => u8::try_from(letter).ok(),
        _ => OWN.chars().zip(0x80..).find(|(own, _)| *own == letter).map(|(_, byte)| byte),
    };
    text.chars().map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_of_western_europe_are_written_and_no_others() {
        for (text, bytes) in [
            ("Quanto è?", Some(&b"Quanto \xe8?"[..])),
            ("œuvre à 5 €\u{202f}?", Some(b"\x9cuvre \xe0 5 \x80\xa0?")),
            ("„Größe“ – ‘š’ Ÿ", Some(b"\x84Gr\xf6\xdfe\x93 \x96 \x91\x9a\x92 \x9f")),
            ("Jak często", None),
            ("Як", None),
            ("どう", None),
            ("a\u{81}b", None),
            ("a\nb", None),
        ] {
            assert_eq!(win_ansi(text).as_deref(), bytes, "{text}");
        }
    }
}
