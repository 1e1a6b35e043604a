//! The editor of surveys on the dashboard: forms in, definitions out, and nothing lost between.

use reqwest::Method;
use serde_json::json;

use crate::answer::{HOSTILE, valid, with};
use crate::client::Reply;
use crate::dashboard::{open, sign_in, submit};
use crate::server::Server;

const NEW: &str = "/dashboard/pk_demo/new-survey";
const EDIT: &str = "/dashboard/pk_demo/surveys/nps/edit";

/// Names and texts of every field of the form on a page, as a browser would send them.
fn fields(page: &str) -> Vec<(String, String)> {
    let form = page.split("id=\"survey\"").nth(1).expect("a form").split("</form>").next().unwrap();
    let mut fields = Vec::new();
    for tag in form.split('<').skip(1) {
        let (inside, after) = tag.split_once('>').unwrap();
        let attribute = |name: &str| {
            let rest = inside.split(&format!(" {name}=\"")).nth(1)?;
            Some(plain(rest.split('"').next()?))
        };
        let Some(name) = attribute("name") else {
            if inside.starts_with("option ") && inside.ends_with("selected") {
                let (_, text): &mut (String, String) = fields.last_mut().unwrap();
                *text = attribute("value").unwrap();
            }
            continue;
        };
        match inside.split(' ').next().unwrap() {
            "select" => {
                let first = form.split(&format!("name=\"{name}\"")).nth(1).unwrap();
                let value = first.split("value=\"").nth(1).unwrap().split('"').next().unwrap();
                fields.push((name, value.to_owned()));
            }
            "textarea" => fields.push((name, plain(after.trim_start_matches('\n')))),
            "input" if inside.contains("type=\"checkbox\"") && !inside.ends_with("checked") => {}
            "input" => fields.push((name, attribute("value").unwrap_or_default())),
            _ => {}
        }
    }
    fields
}

fn plain(text: &str) -> String {
    let text = text.replace("&#34;", "\"").replace("&#39;", "'").replace("&#60;", "<").replace("&#62;", ">");
    text.replace("&#38;", "&")
}

/// The same form with other texts in some fields, which are added where they are missing.
fn filled(page: &str, changes: &[(&str, &str)]) -> String {
    let mut fields = fields(page);
    for (name, text) in changes {
        fields.retain(|(own, _)| own != name);
        fields.push(((*name).to_owned(), (*text).to_owned()));
    }
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

async fn text(server: &Server, path: &str, cookie: &str) -> String {
    let reply = open(server, path, cookie).await;
    assert_eq!(reply.status, 200, "{path}: {reply:?}");
    reply.text().to_owned()
}

async fn stored(server: &Server, slug: &str) -> serde_json::Value {
    server.read(&format!("/api/v1/sites/pk_demo/surveys/{slug}")).await
}

#[tokio::test]
async fn every_kind_becomes_a_draft_that_is_published_and_answered() {
    let server = Server::start().await;
    let cookie = sign_in(&server).await;
    let kinds = text(&server, NEW, &cookie).await;
    let links: Vec<_> =
        kinds.split(&format!("{NEW}?kind=")).skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    assert_eq!(links.len(), 11, "{links:?}");
    for kind in links {
        let page = text(&server, &format!("{NEW}?kind={kind}"), &cookie).await;
        let slug = format!("my-{kind}");
        let reply =
            submit(&server, NEW, &server.base, &cookie, &filled(&page, &[("slug", &slug), ("do", "save")]))
                .await;
        let edit = format!("/dashboard/pk_demo/surveys/{slug}/edit?saved=1");
        assert_eq!((reply.status, reply.header("location")), (303, edit.as_str()), "{}", reply.text());
        assert_eq!(stored(&server, &slug).await["state"], "draft");
        let page = text(&server, &edit, &cookie).await;
        assert!(page.contains("Saved.") && page.contains("<h2 id=\"state\">Draft</h2>"), "{page}");
    }
    let state = "/dashboard/pk_demo/surveys/my-csat/state";
    for (wanted, status, now) in [
        ("paused", 409, "draft"),
        ("live", 303, "live"),
        ("live", 409, "live"),
        ("paused", 303, "paused"),
        ("archived", 303, "archived"),
        ("live", 409, "archived"),
        ("paused", 303, "paused"),
        ("nonsense", 409, "paused"),
    ] {
        let reply = submit(&server, state, &server.base, &cookie, &format!("state={wanted}")).await;
        assert_eq!(reply.status, status, "{wanted}: {}", reply.text());
        assert_eq!(stored(&server, "my-csat").await["state"], now);
    }
    submit(&server, state, &server.base, &cookie, "state=live").await;
    let answer = with(valid(5), json!({"survey": "my-csat"}));
    assert_eq!(server.post(&answer).await.status, 200);
}

#[tokio::test]
async fn a_form_that_is_sent_back_unchanged_changes_nothing() {
    let server = Server::start().await;
    let cookie = sign_in(&server).await;
    for slug in ["nps", "ces", "csat"] {
        let before = stored(&server, slug).await;
        let edit = format!("/dashboard/pk_demo/surveys/{slug}/edit");
        let page = text(&server, &edit, &cookie).await;
        let reply = submit(&server, &edit, &server.base, &cookie, &filled(&page, &[])).await;
        assert_eq!(reply.status, 303, "{}", reply.text());
        assert_eq!(stored(&server, slug).await, before);
    }
    let versions = text(&server, "/dashboard/pk_demo/surveys/nps/versions", &cookie).await;
    assert_eq!(versions.matches("<h2>").count(), 1, "{versions}");
}

#[tokio::test]
async fn mistakes_stand_at_their_fields_and_nothing_is_lost() {
    let server = Server::start().await;
    let cookie = sign_in(&server).await;
    let page = text(&server, EDIT, &cookie).await;
    let long = "?".repeat(201);
    let wrong = [
        ("brand", "Kept & safe"),
        ("texts.it.question", long.as_str()),
        ("scale.max", "nine"),
        ("surprise", "1"),
        ("targeting.urls[0].op", "prefix"),
        ("targeting.urls[0].value", ""),
        ("do", "save"),
    ];
    let reply = submit(&server, EDIT, &server.base, &cookie, &filled(&page, &wrong)).await;
    assert_eq!(reply.status, 422);
    let page = reply.text();
    for expected in [
        "value=\"Kept &#38; safe\"",
        "value=\"nine\"",
        &long,
        "<a href=\"#texts-it-question\">question in it</a>: Must have at most 200 characters.",
        "<a href=\"#scale-max\">Highest point</a>",
        "id=\"scale-max-fault\"",
        "<a href=\"#targeting-urls-0--value\">Page rule 1: value</a>: Must not be empty.",
        "surprise: Is not a field of this form.",
        "id=\"targeting-urls\" open",
        "aria-invalid=\"true\"",
        "role=\"alert\"",
    ] {
        assert!(page.contains(expected), "{expected} in {page}");
    }
    assert_eq!(stored(&server, "nps").await["brand"], "Bottega Fiorini", "nothing was written");
    let taken = text(&server, &format!("{NEW}?kind=nps"), &cookie).await;
    for (slug, said) in [("nps", "Is taken"), ("N P S", "Must be 1 to 64"), ("", "Must be 1 to 64")] {
        let reply = submit(&server, NEW, &server.base, &cookie, &filled(&taken, &[("slug", slug)])).await;
        assert_eq!(reply.status, 422, "{slug}");
        assert!(reply.text().contains("<a href=\"#slug\">") && reply.text().contains(said), "{slug}");
    }
}

#[tokio::test]
async fn groups_are_added_and_removed_without_a_script() {
    let server = Server::start().await;
    let cookie = sign_in(&server).await;
    let mut page = text(&server, EDIT, &cookie).await;
    for (changes, expected) in [
        (
            vec![("do", "add follow_ups"), ("brand", "Not saved yet")],
            "name=\"follow_ups[0].from\" autofocus type=\"number\" value=\"9\"",
        ),
        (
            vec![("do", "add follow_ups[0].choices.options")],
            "name=\"follow_ups[0].choices.options[0].label.en\"",
        ),
        (
            vec![
                ("follow_ups[0].choices.options[0].label.en", "The price"),
                ("follow_ups[0].choices.options[0].label.it", "Il prezzo"),
                ("do", "add thanks"),
            ],
            "name=\"thanks[0].link.url\"",
        ),
        (vec![("do", "add targeting.conditions")], "name=\"targeting.conditions[0].values\""),
        (
            vec![("targeting.conditions[0].values", "it\nen"), ("do", "language"), ("new.language", "de")],
            "<legend>German (de)",
        ),
        (vec![("do", "remove thanks[0]")], "Il prezzo"),
    ] {
        let reply = submit(&server, EDIT, &server.base, &cookie, &filled(&page, &changes)).await;
        assert_eq!(reply.status, 200, "{changes:?}: {}", reply.text());
        page = reply.text().to_owned();
        assert!(page.contains(expected), "{expected} after {changes:?} in {page}");
        assert!(page.contains("Not saved yet"));
    }
    assert!(!page.contains("thanks[0].link.url"));
    let last = [("follow_ups[0].choices.options[0].label.de", "Der Preis"), ("do", "save")];
    let reply = submit(&server, EDIT, &server.base, &cookie, &filled(&page, &last)).await;
    assert_eq!(reply.status, 303, "{}", reply.text());
    let survey = stored(&server, "nps").await;
    assert_eq!(survey["languages"], json!(["en", "it", "de"]));
    assert_eq!(survey["follow_ups"][0]["choices"]["options"][0]["value"], "the-price");
    assert_eq!(survey["targeting"]["conditions"][0]["values"], json!(["it", "en"]));
    let versions = text(&server, "/dashboard/pk_demo/surveys/nps/versions", &cookie).await;
    for said in ["Languages: <del>en, it</del>", "<ins>en, it, de</ins>", "by administrator", "Not saved yet"]
    {
        assert!(versions.contains(said), "{said} in {versions}");
    }
}

#[tokio::test]
async fn advice_is_given_and_stands_in_nobodys_way() {
    let server = Server::start().await;
    let cookie = sign_in(&server).await;
    let page = open(&server, EDIT, &cookie).await;
    let policy = page.header("content-security-policy");
    assert!(policy.contains("frame-src 'self'") && !policy.contains("unsafe"), "{policy}");
    let gating = [
        ("thanks[0].from", "9"),
        ("thanks[0].to", "10"),
        ("thanks[0].link.url", "https://reviews.example/"),
        ("thanks[0].link.label.en", "Review us"),
        ("thanks[0].link.label.it", "Recensiscici"),
    ];
    let reply = submit(&server, EDIT, &server.base, &cookie, &filled(page.text(), &gating)).await;
    assert_eq!(reply.status, 303, "{}", reply.text());
    let page = text(&server, reply.header("location"), &cookie).await;
    for expected in [
        "Saved, but look at this again",
        "id=\"thanks\" open",
        "id=\"thanks-advice\"",
        "review sites and consumer law",
    ] {
        assert!(page.contains(expected), "{expected} in {page}");
    }
    let versions = text(&server, "/dashboard/pk_demo/surveys/nps/versions", &cookie).await;
    assert!(versions.contains("Link after 9–10"), "{versions}");
}

#[tokio::test]
async fn two_people_do_not_overwrite_each_other_unawares() {
    let server = Server::start().await;
    let cookie = sign_in(&server).await;
    let page = text(&server, EDIT, &cookie).await;
    let mine = filled(&page, &[("brand", "Mine")]);
    let theirs = filled(&page, &[("brand", "Theirs")]);
    assert_eq!(submit(&server, EDIT, &server.base, &cookie, &theirs).await.status, 303);
    let reply = submit(&server, EDIT, &server.base, &cookie, &mine).await;
    assert_eq!(reply.status, 422);
    assert!(reply.text().contains("The survey: Was changed by somebody else meanwhile"), "{}", reply.text());
    assert_eq!(stored(&server, "nps").await["brand"], "Theirs");
    let again = filled(reply.text(), &[]);
    assert_eq!(submit(&server, EDIT, &server.base, &cookie, &again).await.status, 303);
    assert_eq!(stored(&server, "nps").await["brand"], "Mine");
}

#[tokio::test]
async fn only_our_own_pages_and_only_people_write() {
    let server = Server::start().await;
    let cookie = sign_in(&server).await;
    let page = text(&server, EDIT, &cookie).await;
    let form = filled(&page, &[("brand", "Mallory")]);
    for path in [EDIT, NEW, "/dashboard/pk_demo/surveys/nps/state", "/dashboard/pk_demo/preview"] {
        for origin in ["https://evil.example", "null", "http://localhost:3000"] {
            assert_eq!(submit(&server, path, origin, &cookie, &form).await.status, 403, "{path} {origin}");
        }
        let reply = submit(&server, path, &server.base, "parere=0123", &form).await;
        assert_eq!((reply.status, reply.header("location")), (303, "/dashboard/sign-in"), "{path}");
    }
    for path in
        [EDIT, NEW, "/dashboard/pk_demo/surveys/nps/versions", "/dashboard/pk_demo/surveys/nps/preview"]
    {
        assert_eq!(open(&server, path, "").await.header("location"), "/dashboard/sign-in", "{path}");
    }
    assert_eq!(stored(&server, "nps").await["brand"], "Bottega Fiorini");
    for path in [
        "/dashboard/pk_demo/surveys/nope/edit",
        "/dashboard/pk_nobody/new-survey",
        &format!("{NEW}?kind=nope"),
    ] {
        assert_eq!(open(&server, path, &cookie).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn whatever_is_entered_stays_text() {
    let server = Server::start().await;
    let cookie = sign_in(&server).await;
    for hostile in HOSTILE.into_iter().filter(|text| text.chars().count() <= 200 && !text.contains('\0')) {
        let page = text(&server, EDIT, &cookie).await;
        let form = filled(&page, &[("texts.en.question", hostile), ("brand", hostile)]);
        let reply = submit(&server, EDIT, &server.base, &cookie, &form).await;
        for path in
            [EDIT, "/dashboard/pk_demo/surveys/nps/versions", "/dashboard/pk_demo/surveys/nps/preview"]
        {
            let page = text(&server, path, &cookie).await;
            assert!(
                !page.contains("<script>") && !page.contains("<img"),
                "{hostile} at {path} ({})",
                reply.status
            );
        }
    }
}

#[tokio::test]
async fn a_preview_is_the_real_widget_and_keeps_nothing() {
    let server = Server::start().await;
    let cookie = sign_in(&server).await;
    let page = text(&server, EDIT, &cookie).await;
    let form = filled(
        &page,
        &[("texts.it.question", "Non salvata?"), ("preview.language", "it"), ("preview.scheme", "dark")],
    );
    let reply = submit(&server, "/dashboard/pk_demo/preview", &server.base, &cookie, &form).await;
    assert_eq!(reply.status, 303, "{}", reply.text());
    let place = reply.header("location").to_owned();
    assert!(place.ends_with("/it?scheme=dark"), "{place}");
    let frame = open(&server, &place, &cookie).await;
    let policy = frame.header("content-security-policy");
    assert!(policy.contains("'wasm-unsafe-eval'") && policy.contains("frame-ancestors 'self'"), "{policy}");
    let script = frame.text().split("src=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let tag = text(&server, &script, &cookie).await;
    assert!(tag.contains("pk_preview") && !tag.contains("Non salvata"), "the loader, as every shop gets it");
    let base = script.split("/v1/").next().unwrap();
    let config = open(&server, &format!("{base}/assets/pk_preview.preview.it-0.bin"), &cookie).await;
    assert_eq!(config.status, 200);
    assert!(config.body.windows(12).any(|part| part == b"Non salvata?"));
    // As the widget sends it: without a cookie.
    let sent = server.request(Method::POST, &format!("{base}/v1/responses")).header("origin", &server.base);
    let sent = sent.body(valid(9).to_string());
    assert_eq!(Reply::to(sent).await.status, 409);
    assert_eq!(server.stored().await.len(), 0);
    assert_eq!(open(&server, &script, "").await.status, 303, "drafts are nobody else's business");
    for nonsense in ["x", "eJw", "saved.nope", "AAAA", &"A".repeat(9_000)] {
        let path = format!("/dashboard/pk_demo/preview/{nonsense}/it");
        assert_eq!(open(&server, &path, &cookie).await.status, 404, "{nonsense}");
    }
    let broken = filled(&page, &[("scale.max", "x")]);
    let reply = submit(&server, "/dashboard/pk_demo/preview", &server.base, &cookie, &broken).await;
    assert_eq!(reply.status, 422);
    assert_eq!(open(&server, "/dashboard/pk_demo/preview/saved.nps/it", &cookie).await.status, 200);
}

#[tokio::test]
async fn a_survey_may_be_called_new() {
    let server = Server::start().await;
    let cookie = sign_in(&server).await;
    let kinds = text(&server, &format!("{NEW}?kind=nps"), &cookie).await;
    let fields = filled(&kinds, &[("slug", "new"), ("brand", "Calzoleria Nuova"), ("do", "save")]);
    assert_eq!(submit(&server, NEW, &server.base, &cookie, &fields).await.status, 303);
    for path in ["", "/edit", "/versions"] {
        let page = open(&server, &format!("/dashboard/pk_demo/surveys/new{path}"), &cookie).await;
        assert_eq!(page.status, 200, "{path}");
        assert!(page.text().contains("Calzoleria Nuova") || path == "/versions", "{path}: its own page");
    }
}
