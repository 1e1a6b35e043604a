//! The hosted page, as a browser without script sees it: forms in, pages out.

use reqwest::Method;
use serde_json::{Value, json};

use crate::answer::HOSTILE;
use crate::client::Reply;
use crate::server::Server;

mod choices;
mod code;
mod onward;
mod refused;

const PAGE: &str = "/s/pk_demo/nps";

/// Opens a page as a browser that speaks these languages.
async fn open(server: &Server, path: &str, languages: &str) -> Reply {
    Reply::to(server.request(Method::GET, path).header("accept-language", languages)).await
}

/// Everything that the form of a page would send, untouched.
fn fields(page: &Reply) -> Vec<(String, String)> {
    let attribute = |tag: &str, name: &str| {
        let value = tag.split_once(&format!(" {name}=\""))?.1.split('"').next()?;
        Some(value.replace("&#39;", "'").replace("&#38;", "&").replace("&#34;", "\""))
    };
    let inputs = page.text().split("<input").skip(1).filter_map(|rest| rest.split('>').next());
    let sent = inputs.filter(|tag| tag.contains("type=\"hidden\"") || tag.ends_with(" checked"));
    sent.map(|tag| (attribute(tag, "name").unwrap(), attribute(tag, "value").unwrap())).collect()
}

/// `fields` with some set anew; the browser writes every line end as two characters.
fn filled(fields: &[(String, String)], changes: &[(&str, &str)]) -> String {
    let mut form = form_urlencoded::Serializer::new(String::new());
    let kept = fields.iter().filter(|(name, _)| !changes.iter().any(|(changed, _)| changed == name));
    form.extend_pairs(kept);
    form.extend_pairs(changes.iter().map(|(name, value)| (name, value.replace('\n', "\r\n"))));
    form.finish()
}

/// Sends the form of a page, as a browser does that has it open.
async fn submit(server: &Server, page: &Reply, changes: &[(&str, &str)]) -> Reply {
    send(server, PAGE, filled(&fields(page), changes), &[("origin", &server.base)]).await
}

async fn send(server: &Server, path: &str, body: String, headers: &[(&str, &str)]) -> Reply {
    let request = server.request(Method::POST, path).header("accept-language", "en");
    let request = request.header("content-type", "application/x-www-form-urlencoded").body(body);
    Reply::to(headers.iter().fold(request, |request, (name, value)| request.header(*name, *value))).await
}

/// What is stored, in the fields that a test names.
async fn stored(server: &Server, names: &[&str]) -> Vec<Value> {
    let rows = server.stored().await;
    rows.iter().map(|row| names.iter().map(|name| row[name].clone()).collect()).collect()
}

#[tokio::test]
async fn the_page_asks_in_the_shoppers_language_and_says_so_to_nobody_else() {
    let server = Server::start().await;
    for (path, languages, language, says) in [
        (PAGE, "it-IT,it;q=0.9,en;q=0.8", "it", "Quanto è probabile che consiglieresti Bottega Fiorini"),
        (PAGE, "sq", "en", "How likely are you to recommend Bottega Fiorini"),
        ("/s/pk_demo/nps?lang=it", "en", "it", "Per niente probabile"),
        ("/s/pk_demo/nps?lang=sq", "it", "it", "Per niente probabile"),
        ("/s/pk_scales/csat-thumbs", "", "en", "aria-label=\"Not good\""),
    ] {
        let page = open(&server, path, languages).await;
        assert_eq!(page.status, 200, "{page:?}");
        assert!(
            page.text().contains(&format!("<html lang=\"{language}\" dir=\"ltr\">")),
            "{path} {languages}"
        );
        assert!(page.text().contains(says), "{path} {languages}: {}", page.text());
        assert!(!page.text().contains("<script"), "{path}: works with none");
        assert!(page.text().contains("<meta name=\"robots\" content=\"noindex"), "{path}");
        for (name, expected) in [
            ("content-type", "text/html; charset=utf-8"),
            ("x-robots-tag", "noindex, nofollow"),
            ("cache-control", "private, no-cache"),
            ("referrer-policy", "same-origin"),
            ("x-content-type-options", "nosniff"),
            ("set-cookie", ""),
            (
                "content-security-policy",
                "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; \
                 frame-ancestors 'self' http://localhost:* http://127.0.0.1:*",
            ),
        ] {
            assert_eq!(page.header(name), expected, "{path}: {name}");
        }
    }
    assert!(server.stored().await.is_empty(), "opening records nothing");
}

#[tokio::test]
async fn a_frame_has_a_script_that_may_do_nothing_but_speak() {
    let server = Server::start().await;
    let framed = format!("{PAGE}?via=inline&page=/cart");
    let page = open(&server, &framed, "en").await;
    assert_eq!(
        page.header("content-security-policy"),
        "default-src 'none'; style-src 'self'; img-src data:; script-src 'self'; form-action 'self'; \
         base-uri 'none'; frame-ancestors 'self' http://localhost:* http://127.0.0.1:*"
    );
    let script = page.text().split_once("<script type=\"module\" src=\"").unwrap().1;
    let script = script.split('"').next().unwrap();
    assert!(script.starts_with("/assets/framed-"), "{script}");
    assert_eq!(server.get(script).await.status, 200);
    assert!(page.text().contains("<body class=\"framed\" data-word=\"asks\">"), "{}", page.text());
    assert!(page.text().contains("hidden>No, thanks</button>"), "only a script can send the frame away");
    let why = submit(&server, &page, &[("score", "3")]).await;
    let thanks = submit(&server, &why, &[("comment", "Too narrow")]).await;
    for reply in [&why, &thanks] {
        assert!(
            reply.text().contains("data-word=\"answered\"") && reply.text().contains(script),
            "{reply:?}"
        );
        assert!(reply.header("content-security-policy").contains("script-src 'self'; form-action"));
    }
    let other = open(&server, PAGE, "en").await;
    assert!(!other.text().contains("<script") && !other.text().contains("No, thanks"), "{}", other.text());
}

#[tokio::test]
async fn a_score_in_the_address_is_chosen_and_not_recorded() {
    let server = Server::start().await;
    for (query, checked) in
        [("score=9", Some("9")), ("score=0", Some("0")), ("score=11", None), ("score=x", None), ("", None)]
    {
        let page = open(&server, &format!("{PAGE}?via=email&{query}"), "en").await;
        let score = fields(&page).into_iter().find(|(name, _)| name == "score").map(|(_, value)| value);
        assert_eq!(score.as_deref(), checked, "{query}");
    }
    assert!(server.stored().await.is_empty(), "scanners of mail open links, too");
}

#[tokio::test]
async fn score_then_comment_then_thanks() {
    let server = Server::start().await;
    let page = open(&server, PAGE, "it").await;
    // As long as it takes to read the question.
    server.clock.advance(1_000);
    let why = submit(&server, &page, &[("score", "3")]).await;
    assert_eq!(why.status, 200, "{why:?}");
    assert!(why.text().contains("Che cosa è andato storto?") && why.text().contains("Risposta registrata."));
    let names =
        ["id", "revision", "score", "comment", "locale", "channel", "touchpoint", "page", "flags", "test"];
    let id = fields(&page).into_iter().find(|(name, _)| name == "id").unwrap().1;
    assert_eq!(
        stored(&server, &names).await,
        [json!([id, 1, 3, null, "it", "link", "product", PAGE, [], false])]
    );
    let thanks = submit(&server, &why, &[("comment", " Comode,\nma strette \n")]).await;
    assert_eq!(thanks.status, 200, "{thanks:?}");
    assert!(thanks.text().contains("Grazie per il tuo parere.") && !thanks.text().contains("<form"));
    assert_eq!(
        stored(&server, &names).await,
        [json!([id, 2, 3, "Comode,\nma strette", "it", "link", "product", PAGE, [], false])]
    );
}

#[tokio::test]
async fn what_is_sent_twice_is_stored_once() {
    let server = Server::start().await;
    let page = open(&server, PAGE, "en").await;
    let (first, second) =
        tokio::join!(submit(&server, &page, &[("score", "9")]), submit(&server, &page, &[("score", "9")]));
    for why in [&first, &second] {
        assert!(why.text().contains("What did you like most?"), "{why:?}");
        submit(&server, why, &[("comment", "All of it")]).await;
    }
    assert_eq!(stored(&server, &["revision", "score", "comment"]).await, [json!([2, 9, "All of it"])]);
}

#[tokio::test]
async fn who_goes_back_changes_the_same_answer() {
    let server = Server::start().await;
    let names = ["score", "comment"];
    let page = open(&server, PAGE, "en").await;
    submit(&server, &page, &[("score", "9")]).await;
    let why = submit(&server, &page, &[("score", "8")]).await;
    assert!(why.text().contains("What could we improve?"), "{why:?}");
    assert_eq!(stored(&server, &names).await, [json!([8, null])]);
    submit(&server, &why, &[("comment", "Sizes")]).await;
    submit(&server, &why, &[("comment", "Sizes and laces")]).await;
    assert_eq!(stored(&server, &names).await, [json!([8, "Sizes and laces"])]);

    // A score alone takes no comment away; what is sent after it does as it says.
    let why = submit(&server, &page, &[("score", "2")]).await;
    assert!(why.text().contains("What went wrong for you?"), "{why:?}");
    assert_eq!(stored(&server, &names).await, [json!([8, "Sizes and laces"])]);
    submit(&server, &why, &[("comment", "The sole broke"), ("score", "1")]).await;
    assert_eq!(stored(&server, &names).await, [json!([1, "The sole broke"])]);
}

#[tokio::test]
async fn the_link_says_how_the_question_came() {
    let server = Server::start().await;
    for (query, channel, touchpoint, order, page) in [
        ("", "link", "product", json!(null), PAGE),
        ("?via=email&ref=1001&touchpoint=delivery&subject=c-77", "email", "delivery", json!("1001"), PAGE),
        ("?via=qr&ref=shop%20%26%20%22caf%C3%A9%22", "qr", "product", json!("shop & \"café\""), PAGE),
        ("?via=kiosk", "kiosk", "product", json!(null), PAGE),
        ("?kiosk=1&via=qr", "kiosk", "product", json!(null), PAGE),
        ("?via=inline&page=/cart", "inline", "product", json!(null), "/cart"),
        ("?via=api", "link", "product", json!(null), PAGE),
        ("?ref=%07&touchpoint=&subject=", "link", "product", json!(null), PAGE),
    ] {
        let question = open(&server, &format!("{PAGE}{query}"), "en").await;
        let why = submit(&server, &question, &[("score", "10")]).await;
        submit(&server, &why, &[("comment", "x")]).await;
        let rows = stored(&server, &["channel", "touchpoint", "ref", "page"]).await;
        assert_eq!(rows.last(), Some(&json!([channel, touchpoint, order, page])), "{query}");
    }
    assert_eq!(server.stored().await.len(), 8);
    let long = format!("{PAGE}?ref={}", "x".repeat(129));
    let question = open(&server, &long, "en").await;
    assert_eq!(submit(&server, &question, &[("score", "10")]).await.status, 200, "no link costs an answer");
}

#[tokio::test]
async fn texts_stay_text() {
    let server = Server::start().await;
    for text in HOSTILE {
        let page = open(&server, PAGE, "en").await;
        let why = submit(&server, &page, &[("score", "7")]).await;
        submit(&server, &why, &[("comment", text)]).await;
        // Without a score the form comes back with what was typed.
        let bare: Vec<_> = fields(&why).into_iter().filter(|(name, _)| name != "score").collect();
        let again = send(&server, PAGE, filled(&bare, &[("comment", text)]), &[]).await;
        assert_eq!(again.status, 422);
        assert!(!again.text().contains("<script"), "{text}");
    }
    let comments: Vec<Value> = server.stored().await.iter().map(|row| row["comment"].clone()).collect();
    let expected: Vec<String> =
        HOSTILE.iter().map(|text| text.replace("\r\n", "\n").trim().to_owned()).collect();
    let lines = |text: &str| text.replace("\r\n", "\n").replace('\r', "\n");
    let comments: Vec<String> = comments.iter().map(|text| lines(text.as_str().unwrap())).collect();
    assert_eq!(comments, expected.iter().map(|text| lines(text)).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_kiosk_has_a_script_and_forgets() {
    let server = Server::start().await;
    let path = "/s/pk_demo/nps?kiosk=1&lang=it&ref=via-roma&score=9";
    let page = open(&server, path, "en").await;
    assert_eq!(page.header("cache-control"), "no-store");
    assert!(page.header("content-security-policy").contains("; script-src 'self'; connect-src 'self'; "));
    assert!(page.text().contains("<script type=\"module\" src=\"/assets/kiosk-"), "{}", page.text());
    assert!(!fields(&page).iter().any(|(name, _)| name == "score"), "nobody's choice but the shopper's own");
    // Without script it is the plain form, and the thanks lead back to the question.
    let why = submit(&server, &page, &[("score", "3")]).await;
    let thanks = submit(&server, &why, &[("comment", "x")]).await;
    assert!(
        thanks.text().contains(
            "content=\"8; url=/s/pk_demo/nps?lang=it&#38;via=kiosk&#38;touchpoint=product&#38;ref=via-roma\""
        ),
        "{}",
        thanks.text()
    );
    // The script speaks from our own origin, whatever shops the site lists.
    let change = json!({"origins": ["https://shop.example"]});
    assert_eq!(server.api(Method::PATCH, "/api/v1/sites/pk_demo", Some(&change)).await.status, 200);
    let body = crate::answer::valid(9).to_string().into_bytes();
    assert_eq!(server.send_with(body, &[("origin", &server.base)]).await.status, 200);
}
