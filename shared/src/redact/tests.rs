use super::redact;

/// Texts with what becomes of them.
const MASKED: [(&str, &str); 75] = [
    // E-mail addresses.
    ("mario.rossi@example.com", "[email]"),
    ("scrivetemi a mario.rossi+shop@mail.example.co.uk.", "scrivetemi a [email]."),
    ("(mario@example.it)", "([email])"),
    ("<mario@example.it>, 'anna@example.it'", "<[email]>, '[email]'"),
    ("mailto:o'neill_x%y@example.museum?subject=1", "mailto:[email]?subject=1"),
    ("josé.núñez@example.es", "[email]"),
    ("почта@пример.рф", "[email]"),
    ("我的邮箱是foo@example.com请联系", "我的邮箱是[email]请联系"),
    ("a@b.co", "[email]"),
    ("a@b@example.it", "a@[email]"),
    ("3331234567@example.it", "[email]"),
    ("mario.19751212@example.it", "[email]"),
    ("全角：ｍａｒｉｏ＠ｅｘａｍｐｌｅ．ｃｏｍ。", "全角：[email]。"),
    ("anna@example.it;bruno@example.it", "[email];[email]"),
    ("-anna@example.it- *bruno@example.it*", "-[email]- *[email]*"),
    // Phone numbers with the code of a country.
    ("+393331234567", "[phone]"),
    ("+39 333 123 4567", "[phone]"),
    ("+39 333 123 4567 42", "[phone]"),
    ("Tel. +39-02-1234567, grazie", "Tel. [phone], grazie"),
    ("(+39) 06 1234.5678", "[phone]"),
    ("0039 333 1234567", "[phone]"),
    ("00393331234567", "[phone]"),
    ("+44 (0)20 7946 0958", "[phone]"),
    ("+1 (555) 123-4567", "[phone]"),
    ("+49/171/1234567", "[phone]"),
    ("+33 6 12 34 56 78!", "[phone]!"),
    ("+45 12 34 56 78", "[phone]"),
    ("+358\u{a0}40\u{a0}1234567", "[phone]"),
    ("\u{202a}+39\u{202f}333\u{2011}1234567\u{202c}", "\u{202a}[phone]\u{202c}"),
    ("tel:+390212345678", "tel:[phone]"),
    // National ones.
    ("3331234567", "[phone]"),
    ("333 1234567", "[phone]"),
    ("333 123 4567 2 pezzi", "[phone] 2 pezzi"),
    ("333 - 1234567", "[phone]"),
    ("333.123.4567", "[phone]"),
    ("333/1234567", "[phone]"),
    ("cell.3331234567", "cell.[phone]"),
    ("02 1234567", "[phone]"),
    ("02/12345678", "[phone]"),
    ("(06) 1234 5678", "[phone]"),
    ("(3331234567)", "([phone])"),
    ("06 12 34 56 78", "[phone]"),
    ("01.23.45.67.89", "[phone]"),
    ("612 345 678 o 612345678", "[phone] o [phone]"),
    ("0171 12345678", "[phone]"),
    ("08-123 45 67", "[phone]"),
    ("020 7946 0958", "[phone]"),
    ("(555) 123-4567", "[phone]"),
    ("1-800-555-1234", "[phone]"),
    ("8 (912) 345-67-89", "[phone]"),
    ("(11) 91234-5678", "[phone]"),
    ("138 1234 5678", "[phone]"),
    ("9123 4567", "[phone]"),
    ("电话13812345678。", "电话[phone]。"),
    ("اتصل على ٠٥٠١٢٣٤٥٦٧ شكرًا", "اتصل على [phone] شكرًا"),
    ("۰۹۱۲ ۳۴۵ ۶۷۸۹", "[phone]"),
    ("０９０－１２３４－５６７８", "[phone]"),
    ("3331234567 - 3289876543", "[phone] - [phone]"),
    ("333 1234567/328 9876543", "[phone]/[phone]"),
    ("3331234567,3289876543", "[phone],[phone]"),
    ("via Roma 12, 20121 3331234567", "via Roma 12, 20121 [phone]"),
    ("21/11/2026 333 1234567", "21/11/2026 [phone]"),
    ("333 1234567\n328 9876543", "[phone]\n[phone]"),
    // Payment cards.
    ("4111111111111111", "[card]"),
    ("carta 4111 1111 1111 1111, 12/27", "carta [card], 12/27"),
    ("5555-5555-5555-4444 scad. 01/28", "[card] scad. 01/28"),
    ("3782 822463 10005", "[card]"),
    ("30569309025904 6011000990139424", "[card] [card]"),
    ("12 4111 1111 1111 1111 12/27", "12 [card] 12/27"),
    ("４１１１ １１１１ １１１１ １１１１", "[card]"),
    // Account numbers.
    ("IT60X0542811101000000123456", "[iban]"),
    ("IBAN: it60 x054 2811 1010 0000 0123 456.", "IBAN: [iban]."),
    ("DE89-3704-0044-0532-0130-00 NO9386011117947", "[iban] [iban]"),
    ("GB82WEST12345698765432、FR1420041010050500013M02606", "[iban]、[iban]"),
    ("mario@example.it, 333 1234567, 4111111111111111", "[email], [phone], [card]"),
];

/// Texts that stay as they are.
const KEPT: [&str; 70] = [
    "",
    "Ottime scarpe, 10 e lode!",
    // No addresses.
    "@bottega grazie",
    "2@3.50, 3 @ 4.50",
    "mario@localhost",
    "@@ a@ @b.it a@.it",
    "mario chiocciola example punto it",
    // Orders, articles, codes.
    "ordine 1001",
    "ordine #1234567890 del 21/11/2026",
    "ordine 100000123",
    "ordine 1234567890",
    "ordine 12345678",
    "ordine 000123456789",
    "fattura 2026-001234, 2026/123456",
    "Amazon 405-1234567-1234567",
    "EAN 8001234567890",
    "UPC 712345678904",
    "tracking 1Z999AA10123456784",
    "tracking 1234 5678 9012",
    "tracking 123456789012345678901234",
    "buono 4111 1111 1111 1112",
    "carta 4111111111111112",
    "SKU AB3331234567",
    "SKU 3331234567XL",
    "C02-123-4567-AB",
    "Partita IVA 12345678",
    "uuid 019aa2b4-7c00-7abc-8def-0123456789ab",
    "ID 1732191234",
    // Prices and numbers.
    "1.299,00 € invece di 1.499,00 €",
    "€ 123 456 789",
    "$1234567890",
    "€ 123.456.789,00",
    "250 000 000 ₫",
    "12.345.678 persone, 1 234 567",
    "20% di 49,90",
    "-1 for the box, +1 for the price",
    // Dates and times.
    "21/11/2026",
    "2026-11-21 10:30",
    "21.11.2026 - 25.11.2026",
    "01 12 2026",
    "dal 21-11-2026 al 25-11-2026, 9:00-18:00",
    "20261121 e 01122026",
    "2024/2025 e 2025-2026",
    "1001 21/11/2026 2 pezzi",
    "2026-11-21T10:30:00Z",
    // Sizes, lists, scores.
    "taglie 38 40 42 44",
    "taglie 38-40-42-44-46",
    "38, 40, 42, 44",
    "36/38/40/42",
    "1 2 3 4 5 6 7 8 9 10",
    "0 1 2 3 4 5 6 7 8 9 10",
    "0-10 0-10",
    "05 10 15 20",
    "120x80x45 cm, 1920x1080",
    "numero 42 (EU) 8.5 (US) 27,5 cm",
    "CAP 20121, 00184 Roma",
    "12 34 56 78",
    // Numbers all the same: the price of the rules above.
    "3331234567-3289876543",
    "3331234567abc",
    "393331234567",
    "333\n1234567",
    // No account numbers.
    "IT61X0542811101000000123456",
    "IT60",
    "AB12 CDEF GHIJ KLMN OPQR",
    // Other scripts and pictures.
    "مريح جدًا، شكرًا ١٠",
    "שלום \u{202e}reversed\u{202c} 42",
    "とても良い、２６．５ｃｍ",
    "👟👩🏽‍🦱🇮🇹 1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣8️⃣9️⃣ e\u{301}",
    "[email] [phone] [card] [iban] [ok]",
    "\0\u{feff}\r\n\t",
];

#[test]
fn addresses_and_numbers_are_masked() {
    for (text, masked) in MASKED {
        assert_eq!(redact(text), masked, "{text}");
    }
}

#[test]
fn other_texts_are_kept() {
    for text in KEPT {
        assert_eq!(redact(text), text);
    }
}

#[test]
fn what_is_masked_is_masked_between_other_words_as_well() {
    for (text, masked) in MASKED {
        for (left, right) in [("Ciao, ", ", grazie"), ("很好！", "！👟"), ("\n", "\n"), ("«", "»")] {
            let within = [left, text, right].concat();
            assert_eq!(redact(&within), [left, masked, right].concat(), "{within}");
        }
    }
}

/// Texts of `chars` pieces that look random and are the same in every run (xorshift).
fn noise(pieces: &[&str], chars: usize) -> impl Iterator<Item = String> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut pick = move |pieces: &[&str]| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let index = usize::try_from((state >> 33) % u64::try_from(pieces.len()).unwrap()).unwrap();
        pieces[index].to_owned()
    };
    let pieces: Vec<String> = pieces.iter().map(|piece| (*piece).to_owned()).collect();
    std::iter::repeat_with(move || {
        let pieces: Vec<&str> = pieces.iter().map(String::as_str).collect();
        (0..chars).map(|_| pick(&pieces)).collect()
    })
}

#[test]
fn masking_again_changes_nothing_and_texts_do_not_grow() {
    let mut pieces: Vec<&str> = MASKED.iter().map(|(text, _)| *text).chain(KEPT).collect();
    let digits =
        ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "٣", "３", "12", "333", "2026", "1234567"];
    let signs =
        [" ", " ", " ", "-", ".", "/", "(", ")", "+", ",", "@", "#", "€", ":", "[", "]", "\n", "x", "é"];
    let (mut masked, mut seen) = (0, 0);
    let mut check = |text: &str| {
        let once = redact(text);
        assert_eq!(redact(&once), once, "{text}");
        let (before, after) = (text.chars().count(), once.chars().count());
        assert!(after <= before + before / 6, "{text} became {once}");
        masked += usize::from(once != text);
        seen += 1;
    };
    let dense = [&digits[..], &signs[..]].concat();
    noise(&dense, 24).take(60_000).for_each(|text| check(&text));
    noise(&digits, 12).take(2_000).for_each(|text| check(&text));
    pieces.extend(signs);
    noise(&pieces, 6).take(20_000).for_each(|text| check(&text));
    assert!(masked > 1_000 && masked < seen, "{masked} of {seen}");
}

#[test]
fn texts_without_digits_and_at_signs_are_never_touched() {
    let pieces =
        ["IT", "sì", " ", "+", "(", ")", "-", ".", "#", "👟", "好", "م", "\u{202e}", "[phone]", "\0", "é"];
    for text in noise(&pieces, 20).take(5_000) {
        assert_eq!(redact(&text), text);
    }
}

#[test]
fn long_texts_take_one_pass() {
    for piece in ["1 ", "a.", "a@", "AA11 ", "(", "+1", "1-", "12345678 "] {
        let text = piece.repeat(4_000);
        assert!(redact(&text).chars().count() <= text.chars().count());
    }
}
