//! The stylesheet, with what the shop looks like.

use parere_shared::contrast::{self, Colour};
use parere_shared::text::{concat, cut, push_number};

use super::scale;

/// `all: initial` in it keeps the page's rules out; what should look like the shop is handed in by name.
const SHEET: &str = include_str!(concat!(env!("OUT_DIR"), "/prompt.css"));

/// The stylesheet for a scale of so many points.
///
/// `looks` are colour, font, font size, radius, background and button colour of what surrounds the prompt, one a line.
/// The colours are moved until they can be read: the shop's own contrast is not ours to inherit.
pub(crate) fn sheet(looks: &str, points: usize) -> String {
    let mut rest = looks;
    let mut next = || cut(&mut rest, b'\n');
    let (text, font, size, radius, surface, accent) = (next(), next(), next(), next(), next(), next());
    let mut css = concat(&[SHEET, ":host{--_font:", font, ";--_size:", size, ";--_radius:", radius]);
    if let Some(behind) = contrast::parse(surface) {
        // What is behind a see-through page is white.
        let behind = behind.over(Colour { red: 255, green: 255, blue: 255 });
        css.push_str(&concat(&[";--_surface:", &behind.css()]));
        for (name, colour, ratio) in
            [(";--_text:", text, contrast::TEXT), (";--_accent:", accent, contrast::PART)]
        {
            if let Some(colour) = contrast::parse(colour) {
                css.push_str(&concat(&[name, &contrast::readable(colour, behind, ratio).css()]));
            }
        }
    }
    for (name, columns) in [";--_wide:", ";--_narrow:"].into_iter().zip(scale::columns(points)) {
        css.push_str(name);
        push_number(&mut css, i64::try_from(columns).unwrap_or(1));
    }
    css.push('}');
    css
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shops_colours_are_moved_until_they_can_be_read() {
        let css = sheet("rgb(170, 170, 170)\nGeorgia\n18px\n3px\nrgb(255, 255, 255)\nrgb(255, 220, 0)", 11);
        let own = css.split(":host{--_font:").nth(1).expect("the last rule");
        assert!(
            own.starts_with("Georgia;--_size:18px;--_radius:3px;--_surface:rgb(255 255 255);--_text:rgb(")
        );
        assert!(own.ends_with(";--_wide:11;--_narrow:6}"), "{own}");
        let white = contrast::parse("rgb(255, 255, 255)").unwrap().colour;
        for (name, ratio) in [("--_text:", contrast::TEXT), ("--_accent:", contrast::PART)] {
            let colour = own.split(name).nth(1).and_then(|rest| rest.split(';').next()).expect(name);
            assert!(
                contrast::contrast(contrast::parse(colour).unwrap().colour, white) >= ratio,
                "{name}{colour}"
            );
        }
    }

    #[test]
    fn colours_that_are_unknown_are_left_to_the_browser() {
        let css = sheet("", 5);
        assert!(css.ends_with(":host{--_font:;--_size:;--_radius:;--_wide:5;--_narrow:5}"));
    }
}
