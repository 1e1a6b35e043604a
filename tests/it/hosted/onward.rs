//! The link under the thanks on the hosted page: where it leads, and what is counted of it.

use reqwest::Method;
use serde_json::{Value, json};

use super::{fields, filled, open, send};
use crate::client::Reply;
use crate::invited::made;
use crate::postgres::Database;
use crate::server::Server;
use crate::surveys::definition;

const REVIEWS: &str = "https://reviews.example/perché?shop=1&b=2";

/// The same as a header has it.
const REVIEWS_SENT: &str = "https://reviews.example/perch%C3%A9?shop=1&b=2";

/// A survey with a link for everybody, another one for who is not content, and one with a way in the shop.
async fn shop(options: &[&str]) -> Server {
    let server = Server::start_with(options).await;
    fill(&server).await;
    server
}

async fn fill(server: &Server) {
    let link = |url: &str| json!({"url": url, "label": {"en": "Tell others", "it": "Dillo ad altri"}});
    let band = |from: i32, to: i32, url: &str| json!({"from": from, "to": to, "link": link(url)});
    for (slug, thanks) in [
        ("linked", json!([band(0, 6, "https://help.example/"), band(7, 10, REVIEWS)])),
        ("own", json!([band(0, 10, "/reviews")])),
    ] {
        let added =
            server.api(Method::POST, "/surveys", Some(&definition(slug, json!({"thanks": thanks})))).await;
        assert_eq!(added.status, 201, "{added:?}");
    }
}

/// The thanks for an answer with this score, read before it is given.
async fn thanks(server: &Server, path: &str, score: &str) -> Reply {
    let page = open(server, path, "en").await;
    server.clock.advance(1_000);
    let form = filled(&fields(&page), &[("score", score), ("comment", "Comode")]);
    let to = path.split('?').next().unwrap();
    send(server, to, form, &[("origin", &server.base)]).await
}

/// Where the link under the thanks leads, as the page has it.
fn link(thanks: &Reply) -> Option<String> {
    let (_, rest) = thanks.text().split_once("<a href=\"")?;
    Some(rest.split('"').next()?.replace("&#38;", "&"))
}

/// Clicks that are told of the pages of the shop, and of the hosted page.
async fn clicks(server: &Server, survey: &str) -> [Value; 2] {
    let funnel = server.read(&format!("/funnel?survey={survey}")).await;
    ["clicked", "clicked_hosted"].map(|name| funnel[name].clone())
}

async fn follow(server: &Server, path: &str, headers: &[(&str, &str)]) -> Reply {
    let request = server.request(Method::GET, path);
    Reply::to(headers.iter().fold(request, |request, (name, value)| request.header(*name, *value))).await
}

#[tokio::test]
async fn it_leads_where_the_definition_says_and_counts_once_for_an_answer() {
    let server = shop(&[]).await;
    let good = link(&thanks(&server, "/s/pk_demo/linked", "9").await).unwrap();
    let bad = link(&thanks(&server, "/s/pk_demo/linked?via=email", "2").await).unwrap();
    assert!(good.starts_with("/s/pk_demo/linked/link?id=") && good.ends_with("&score=9"), "{good}");
    let looked = Reply::to(server.request(Method::HEAD, &good)).await;
    assert_eq!((looked.status, looked.header("location")), (303, REVIEWS_SENT));
    for (name, value) in [("sec-purpose", "prefetch"), ("user-agent", "Googlebot/2.1")] {
        assert_eq!(follow(&server, &good, &[(name, value)]).await.status, 303);
    }
    assert_eq!(clicks(&server, "linked").await, [0, 0], "nobody has followed it");
    for time in 1..=3 {
        let led = follow(&server, &good, &[]).await;
        assert_eq!((led.status, led.header("location")), (303, REVIEWS_SENT), "{led:?}");
        assert_eq!((led.header("cache-control"), led.header("referrer-policy")), ("no-store", "no-referrer"));
        assert_eq!(clicks(&server, "linked").await, [0, 1], "followed for the {time}. time");
    }
    let led = follow(&server, &bad, &[]).await;
    assert_eq!((led.status, led.header("location")), (303, "https://help.example/"));
    assert_eq!(clicks(&server, "linked").await, [0, 2], "by a link and by e-mail");
    let metrics = server.get("/metrics").await;
    assert!(metrics.text().contains("parere_events_total{reason=\"clicked\"} 2"), "{}", metrics.text());
}

#[tokio::test]
async fn it_counts_once_whichever_collector_it_comes_to() {
    let database = Database::create().await;
    let one = Server::start_on(&database.url()).await;
    fill(&one).await;
    let two = Server::start_on(&database.url()).await;
    let onward = link(&thanks(&one, "/s/pk_demo/linked", "9").await).unwrap();
    for server in [&one, &two, &one] {
        assert_eq!(follow(server, &onward, &[]).await.header("location"), REVIEWS_SENT);
    }
    // Each writes what it counted before it tells.
    for server in [&one, &two] {
        assert_eq!(clicks(server, "linked").await, [0, 1]);
    }

    let server = shop(&[]).await;
    let onward = link(&thanks(&server, "/s/pk_demo/linked", "9").await).unwrap();
    follow(&server, &onward, &[]).await;
    let server = server.restarted().await;
    assert_eq!(follow(&server, &onward, &[]).await.status, 303);
    assert_eq!(clicks(&server, "linked").await, [0, 1], "and after a restart");
    assert_eq!(server.stored().await[0]["flags"], json!(["followed"]));
}

#[tokio::test]
async fn what_is_made_up_leads_nowhere_else_and_counts_nothing() {
    let server = shop(&[]).await;
    let good = link(&thanks(&server, "/s/pk_demo/linked", "9").await).unwrap();
    let test = link(&thanks(&server, "/s/pk_demo/linked?test=1", "9").await).unwrap();
    let nobody = "/s/pk_demo/linked/link?id=019a0000-0000-7000-8000-000000000001&score=9";
    for path in [
        &*format!("{good}&url=https://evil.example/&to=//evil.example&link=https://evil.example/"),
        nobody,
        "/s/pk_demo/linked/link?id=x&score=9",
        "/s/pk_demo/linked/link?score=7",
        &test,
    ] {
        let led = follow(&server, path, &[]).await;
        assert_eq!((led.status, led.header("location")), (303, REVIEWS_SENT), "{path}");
    }
    assert_eq!(clicks(&server, "linked").await, [0, 1], "the answer's own link, whatever stands behind it");
    for path in [
        "/s/pk_demo/linked/link",
        "/s/pk_demo/linked/link?score=11",
        "/s/pk_demo/linked/link?score=https://evil.example/",
        "/s/pk_demo/own/link?score=9",
        "/s/pk_demo/nps/link?score=9",
        "/s/pk_demo/nothing/link?score=9",
        "/s/pk_nobody/nps/link?score=9",
        "/i/nothing/link?score=9",
    ] {
        let led = follow(&server, path, &[]).await;
        assert_eq!((led.status, led.header("location")), (404, ""), "{path}");
    }
    // The link of another survey's answer, and one that comes for it long after.
    let late = link(&thanks(&server, "/s/pk_demo/linked", "8").await).unwrap();
    follow(&server, &late.replace("/linked/", "/own/"), &[]).await;
    server.clock.advance(3_600_000);
    assert_eq!(follow(&server, &late, &[]).await.status, 303);
    assert_eq!(clicks(&server, "linked").await, [0, 1]);
    assert_eq!(clicks(&server, "own").await, [0, 0]);
}

#[tokio::test]
async fn a_frame_is_told_a_kiosk_leads_nobody_away_and_a_path_leads_nowhere() {
    let server = shop(&[]).await;
    for (path, expected) in [
        ("/s/pk_demo/linked?via=inline", Some(REVIEWS)),
        ("/s/pk_demo/linked?kiosk=1", None),
        ("/s/pk_demo/own", None),
        ("/s/pk_demo/nps", None),
    ] {
        let thanks = thanks(&server, path, "9").await;
        assert_eq!(thanks.status, 200, "{thanks:?}");
        assert_eq!(link(&thanks).as_deref(), expected, "{path}");
    }
}

#[tokio::test]
async fn an_invitation_has_one_answer_and_one_click() {
    let server = shop(&[]).await;
    let invitation = made(&server, json!({"survey": "linked"})).await;
    let path = invitation["link"].as_str().unwrap().strip_prefix(&server.base).unwrap().to_owned();
    let onward = format!("{path}/link?score=9");
    assert_eq!(follow(&server, &onward, &[]).await.status, 303);
    assert_eq!(clicks(&server, "linked").await, [0, 0], "nothing was answered yet");
    let thanks = thanks(&server, &path, "9").await;
    assert_eq!(link(&thanks), Some(onward.clone()), "{thanks:?}");
    for _ in 0..2 {
        assert_eq!(follow(&server, &onward, &[]).await.header("location"), REVIEWS_SENT);
    }
    assert_eq!(clicks(&server, "linked").await, [0, 1]);
}

#[tokio::test]
async fn who_follows_too_many_is_led_on_and_counted_no_more() {
    let server = shop(&["--rate-limit", "2"]).await;
    let onward = link(&thanks(&server, "/s/pk_demo/linked", "9").await).unwrap();
    for n in 0..2 {
        let nobody = format!("/s/pk_demo/linked/link?id=019a0000-0000-7000-8000-00000000000{n}&score=9");
        assert_eq!(follow(&server, &nobody, &[]).await.status, 303);
    }
    assert_eq!(follow(&server, &onward, &[]).await.header("location"), REVIEWS_SENT);
    assert_eq!(clicks(&server, "linked").await, [0, 0]);
    assert_eq!(server.post(&crate::answer::valid(9)).await.status, 200, "answers have a limit of their own");
}
