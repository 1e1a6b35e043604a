use super::*;

fn colour(css: &str) -> Colour {
    let paint = parse(css).unwrap_or_else(|| panic!("{css}"));
    assert_eq!(paint.alpha, 255, "{css}");
    paint.colour
}

/// WCAG's own formula.
fn exact(one: Colour, other: Colour) -> f64 {
    let linear = |channel: u8| {
        let share = f64::from(channel) / 255.0;
        if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
    };
    let light =
        |c: Colour| 0.2126 * linear(c.red) + 0.7152 * linear(c.green) + 0.0722 * linear(c.blue) + 0.05;
    let (one, other) = (light(one), light(other));
    one.max(other) / one.min(other)
}

/// Colours all over the cube, and every grey.
fn grid() -> Vec<Colour> {
    let steps = [0, 1, 10, 11, 12, 40, 85, 118, 119, 128, 170, 213, 254, 255];
    let mut colours: Vec<Colour> = (0..=255).map(|c| Colour { red: c, green: c, blue: c }).collect();
    for red in steps {
        for green in steps {
            colours.extend(steps.map(|blue| Colour { red, green, blue }));
        }
    }
    colours
}

#[test]
fn known_pairs_have_their_known_contrast() {
    for (one, other, ratio) in [
        ("#000", "#fff", 21_000),
        ("#fff", "#fff", 1_000),
        ("#777", "#fff", 4_478),
        ("#767676", "#fff", 4_542),
        ("#949494", "#fff", 3_033),
        ("#f00", "#fff", 3_998),
        ("#00f", "#fff", 8_592),
        ("#0f0", "#fff", 1_372),
        ("#ff0", "#000", 19_556),
        ("#1da1f2", "#fff", 2_826),
        ("#635bff", "#fff", 4_697),
        ("#96bf48", "#fff", 2_134),
    ] {
        let (one, other) = (colour(one), colour(other));
        let (found, turned) = (contrast(one, other), contrast(other, one));
        assert!(found.abs_diff(ratio) <= 1 && found == turned, "{one:?} on {other:?}: {found}, not {ratio}");
    }
}

#[test]
fn contrast_agrees_with_the_exact_formula() {
    let colours = grid();
    let (mut worst, mut worst_share) = (0.0_f64, 0.0_f64);
    for one in &colours {
        // Every seventh partner: a prime, so that all kinds of pairs meet.
        for other in colours.iter().step_by(7) {
            let (found, exact) = (f64::from(contrast(*one, *other)) / 1_000.0, exact(*one, *other));
            worst = worst.max((found - exact).abs());
            worst_share = worst_share.max((found - exact).abs() / exact);
        }
    }
    // A thousandth of a ratio near 1 is rounded away; beyond, only the fifth root is inexact.
    assert!(worst < 0.002 && worst_share < 0.000_6, "{worst}, {worst_share}");
}

#[test]
fn corrected_colours_reach_their_ratio_by_the_exact_formula() {
    let colours = grid();
    for ratio in [PART, TEXT] {
        for (i, one) in colours.iter().enumerate().step_by(5) {
            for background in colours.iter().skip(i % 211).step_by(211) {
                let found = readable((*one).into(), *background, ratio);
                let reached = exact(found, *background);
                assert!(
                    reached * 1_000.0 >= f64::from(ratio),
                    "{one:?} on {background:?}: {found:?} has {reached}"
                );
                if exact(*one, *background) * 1_000.0 > f64::from(ratio) * 1.001 {
                    assert_eq!(found, *one, "on {background:?} it was good enough");
                }
            }
        }
    }
}

/// The channel that leads, the one that comes last, and where the third stands between them, in per cent.
fn hue(c: Colour) -> (bool, bool, bool, i32) {
    let [red, green, blue] = [c.red, c.green, c.blue].map(i32::from);
    let (low, high) = (red.min(green).min(blue), red.max(green).max(blue));
    let between = (red + green + blue - low - high - low) * 100 / (high - low).max(1);
    (red >= green, green >= blue, red >= blue, between)
}

#[test]
fn colours_change_no_more_than_they_must_and_keep_their_hue() {
    for (paint, background, ratio, corrected) in [
        // Good as they are.
        ("#000", "#fff", TEXT, "rgb(0 0 0)"),
        ("#635bff", "#fff", TEXT, "rgb(99 91 255)"),
        ("#fff", "#c00", TEXT, "rgb(255 255 255)"),
        // The nearest grey that passes on white is #767676.
        ("#777", "#fff", TEXT, "rgb(118 118 118)"),
        ("#fff", "#fff", TEXT, "rgb(118 118 118)"),
        ("#fff", "#fff", PART, "rgb(148 148 148)"),
        ("#000", "#000", TEXT, "rgb(117 117 117)"),
        // Brands.
        ("#1da1f2", "#fff", TEXT, "rgb(22 124 187)"),
        ("#1da1f2", "#fff", PART, "rgb(28 156 234)"),
        ("#96bf48", "#fff", TEXT, "rgb(100 127 48)"),
        ("#c00", "#222", TEXT, "rgb(223 96 96)"),
        // What shines through counts.
        ("rgba(0, 0, 0, 0.54)", "#fff", TEXT, "rgb(117 117 117)"),
        ("rgba(0, 0, 0, 0)", "#fff", PART, "rgb(148 148 148)"),
        // Out of reach: the better end.
        ("#777", "#777", 10_000, "rgb(0 0 0)"),
        ("#777", "#555", 10_000, "rgb(255 255 255)"),
    ] {
        let (paint, background) = (parse(paint).unwrap(), colour(background));
        let found = readable(paint, background, ratio);
        assert_eq!(found.css(), corrected, "{paint:?} on {background:?}");
        if found != Colour::BLACK && found != Colour::WHITE {
            let (before, after) = (hue(paint.over(background)), hue(found));
            assert!(before.3.abs_diff(after.3) <= 2, "{before:?}, {after:?}");
            assert_eq!((before.0, before.1, before.2), (after.0, after.1, after.2));
        }
    }
}

#[test]
fn computed_colours_are_read() {
    for (css, channels) in [
        ("rgb(1, 2, 3)", [1, 2, 3, 255]),
        ("rgb(1 2 3)", [1, 2, 3, 255]),
        ("rgb(1 2 3 / 0.5)", [1, 2, 3, 128]),
        ("rgb(1 2 3 / 50%)", [1, 2, 3, 128]),
        ("rgba(0, 0, 0, 0)", [0, 0, 0, 0]),
        ("rgba(255, 255, 255, 0.1)", [255, 255, 255, 26]),
        ("rgba(1,2,3,1)", [1, 2, 3, 255]),
        (" rgb(127.5 300 -4) ", [128, 255, 0, 255]),
        ("rgb(50% 100% 0%)", [128, 255, 0, 255]),
        ("color(srgb 1 0.5 0)", [255, 128, 0, 255]),
        ("color(srgb 0.2 0.4 0.6 / 0.25)", [51, 102, 153, 64]),
        ("color(srgb 1.2 -0.1 none / 1)", [255, 0, 0, 255]),
        ("color(srgb 9.53674e-7 1e-05 .6000001)", [0, 0, 153, 255]),
        ("#0aF", [0, 170, 255, 255]),
        ("#0af8", [0, 170, 255, 136]),
        ("#00Aaff", [0, 170, 255, 255]),
        ("#00aaff80", [0, 170, 255, 128]),
        ("rgb(99999999999999999999999 0 0.00000000000001)", [255, 0, 0, 255]),
    ] {
        let Some(Paint { colour: Colour { red, green, blue }, alpha }) = parse(css) else { panic!("{css}") };
        assert_eq!([red, green, blue, alpha], channels, "{css}");
    }
}

#[test]
fn other_texts_are_no_colours() {
    for css in [
        "",
        "red",
        "transparent",
        "rgb",
        "rgb()",
        "rgb(1, 2)",
        "rgb(1, 2, 3",
        "rgb(1, 2, 3, 4, 5)",
        "rgb(1, 2, x)",
        "rgb(1, 2, 3 4px)",
        "rgb(1.2.3 4 5)",
        "rgb(- 2 3)",
        "rgb(. 2 3)",
        "rgb(% 2 3)",
        "rgb(e-7 2 3)",
        "rgb(1e7 2 3)",
        "rgb(1 2 3 / )4",
        "hsl(120 50% 50%)",
        "oklch(0.7 0.1 200)",
        "color(display-p3 1 0 0)",
        "color(srgb-linear 1 0 0)",
        "#",
        "#12",
        "#12345",
        "#1234567",
        "#12345g",
        "#é",
        "#ééé",
        "url(#a)",
    ] {
        assert_eq!(parse(css), None, "{css}");
    }
}

#[test]
fn what_is_written_is_read_again() {
    for one in grid() {
        assert_eq!(parse(&one.css()), Some(one.into()));
    }
}
