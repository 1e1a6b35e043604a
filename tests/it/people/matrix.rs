//! Every route with every credential: one table, and nothing is missing from it.

use std::collections::BTreeSet;

use parere_collector::auth::Role;
use reqwest::Method;
use serde_json::{Value, json};

use asking::of_a_rule;
use cases::of_a_case_or_mark;
use invitations::of_an_invitation;
use open::OPEN;
use sources::of_a_source;
use tickets::of_a_ticket;
use webhooks::of_a_webhook;

use super::{House, form};
use crate::answer::{NOON, valid};
use crate::client::{Reply, TOKEN};
use crate::surveys::definition;
use crate::tidy::documents::{routes, without_names};

mod asking;
mod cases;
mod invitations;
mod open;
mod sources;
mod tickets;
mod webhooks;

/// Who asks, in the order of the columns.
const CREDENTIALS: [&str; 13] = [
    "nobody",
    "owner",
    "editor",
    "viewer",
    "owner of another site",
    "token: read",
    "token: export",
    "token: write",
    "token: admin",
    "token: admin of another site",
    "token that ended",
    "token that was revoked",
    "PARERE_ADMIN_TOKEN",
];

type Row = (&'static str, [u16; 13]);

/// What each gets. 401 on a page stands for the way to the door.
#[rustfmt::skip]
const TABLE: [Row; 84] = [
    //                                           nobody own edit view oth  read expt wrte adm  adm2 old  gone env
    ("GET /api/v1/sites",                        [401, 200, 200, 200, 200, 200, 403, 403, 200, 200, 401, 401, 200]),
    ("POST /api/v1/sites",                       [401, 201, 403, 403, 403, 403, 403, 403, 201, 403, 401, 401, 201]),
    ("GET /api/v1/sites/{site}",                 [401, 200, 200, 200, 404, 200, 403, 403, 200, 404, 401, 401, 200]),
    ("PATCH /api/v1/sites/{site}",               [401, 200, 403, 403, 404, 403, 403, 403, 200, 404, 401, 401, 200]),
    // One that was made for it: who has a role or a token at another site knows nothing of it.
    ("DELETE /api/v1/sites/{site}",              [401, 204, 404, 404, 404, 403, 404, 404, 204, 404, 401, 401, 204]),
    ("GET /api/v1/sites/{site}/surveys",         [401, 200, 200, 200, 404, 200, 403, 403, 200, 404, 401, 401, 200]),
    ("POST /api/v1/sites/{site}/surveys",        [401, 201, 201, 403, 404, 403, 403, 201, 201, 404, 401, 401, 201]),
    ("GET /api/v1/sites/{site}/surveys/{survey}",
                                                 [401, 200, 200, 200, 404, 200, 403, 403, 200, 404, 401, 401, 200]),
    ("PUT /api/v1/sites/{site}/surveys/{survey}",
                                                 [401, 200, 200, 403, 404, 403, 403, 200, 200, 404, 401, 401, 200]),
    ("DELETE /api/v1/sites/{site}/surveys/{survey}",
                                                 [401, 204, 204, 403, 404, 403, 403, 204, 204, 404, 401, 401, 204]),
    ("GET /api/v1/sites/{site}/responses",       [401, 200, 200, 200, 404, 200, 403, 403, 200, 404, 401, 401, 200]),
    ("POST /api/v1/sites/{site}/responses/review",
                                                 [401, 200, 200, 403, 404, 403, 403, 200, 200, 404, 401, 401, 200]),
    ("GET /api/v1/sites/{site}/responses.csv",   [401, 200, 403, 403, 404, 403, 200, 403, 200, 404, 401, 401, 200]),
    ("GET /api/v1/sites/{site}/responses.ndjson",
                                                 [401, 200, 403, 403, 404, 403, 200, 403, 200, 404, 401, 401, 200]),
    ("GET /api/v1/sites/{site}/responses.parquet",
                                                 [401, 200, 403, 403, 404, 403, 200, 403, 200, 404, 401, 401, 200]),
    ("GET /api/v1/sites/{site}/responses.xlsx",
                                                 [401, 200, 403, 403, 404, 403, 200, 403, 200, 404, 401, 401, 200]),
    ("DELETE /api/v1/sites/{site}/responses/{id}",
                                                 [401, 204, 403, 403, 404, 403, 403, 403, 204, 404, 401, 401, 204]),
    ("GET /api/v1/sites/{site}/subjects/{ref}",  [401, 200, 403, 403, 404, 403, 200, 403, 200, 404, 401, 401, 200]),
    ("DELETE /api/v1/sites/{site}/subjects/{ref}",
                                                 [401, 200, 403, 403, 404, 403, 403, 403, 200, 404, 401, 401, 200]),
    ("GET /api/v1/sites/{site}/scores",          [401, 200, 200, 200, 404, 200, 403, 403, 200, 404, 401, 401, 200]),
    ("GET /api/v1/sites/{site}/funnel",          [401, 200, 200, 200, 404, 200, 403, 403, 200, 404, 401, 401, 200]),
    ("GET /api/v1/tokens",                       [401, 200, 403, 403, 200, 403, 403, 403, 200, 200, 401, 401, 200]),
    ("POST /api/v1/tokens",                      [401, 201, 403, 403, 422, 403, 403, 403, 201, 422, 401, 401, 201]),
    ("DELETE /api/v1/tokens/{token}",            [401, 204, 403, 403, 404, 403, 403, 403, 204, 404, 401, 401, 204]),
    ("GET /api/v1/audit",                        [401, 200, 403, 403, 200, 403, 403, 403, 200, 200, 401, 401, 200]),
    ("GET /api/v1/openapi.json",                 [200; 13]),
    ("GET /api/v1/survey.schema.json",           [200; 13]),
    ("GET /dashboard",                           [401, 200, 200, 200, 200, 200, 403, 403, 200, 200, 401, 401, 200]),
    ("GET /dashboard/{site}/surveys/{survey}",   [401, 200, 200, 200, 404, 200, 403, 403, 200, 404, 401, 401, 200]),
    ("GET /dashboard/live",                      [401, 200, 200, 200, 200, 200, 403, 403, 200, 200, 401, 401, 200]),
    ("GET /dashboard/{site}/live",               [401, 200, 200, 200, 404, 200, 403, 403, 200, 404, 401, 401, 200]),
    ("GET /dashboard/{site}/journey",            [401, 200, 200, 200, 404, 200, 403, 403, 200, 404, 401, 401, 200]),
    ("GET /dashboard/{site}/comments",           [401, 200, 200, 200, 404, 200, 403, 403, 200, 404, 401, 401, 200]),
    ("POST /dashboard/{site}/comments",          [401, 303, 303, 403, 404, 403, 403, 303, 303, 404, 401, 401, 303]),
    ("GET /dashboard/{site}/responses/{id}",     [401, 200, 200, 200, 404, 200, 403, 403, 200, 404, 401, 401, 200]),
    ("GET /dashboard/{site}/new-survey",         [401, 200, 200, 403, 404, 403, 403, 200, 200, 404, 401, 401, 200]),
    ("POST /dashboard/{site}/new-survey",        [401, 422, 422, 403, 404, 403, 403, 422, 422, 404, 401, 401, 422]),
    ("GET /dashboard/{site}/surveys/{survey}/edit",
                                                 [401, 200, 200, 403, 404, 403, 403, 200, 200, 404, 401, 401, 200]),
    ("POST /dashboard/{site}/surveys/{survey}/edit",
                                                 [401, 422, 422, 403, 404, 403, 403, 422, 422, 404, 401, 401, 422]),
    // A form that says nothing is of no version of the survey.
    ("POST /dashboard/{site}/surveys/{survey}/state",
                                                 [401, 409, 409, 403, 404, 403, 403, 409, 409, 404, 401, 401, 409]),
    ("GET /dashboard/{site}/surveys/{survey}/versions",
                                                 [401, 200, 200, 200, 404, 200, 403, 403, 200, 404, 401, 401, 200]),
    ("GET /dashboard/{site}/surveys/{survey}/preview",
                                                 [401, 200, 200, 403, 404, 403, 403, 200, 200, 404, 401, 401, 200]),
    ("POST /dashboard/{site}/preview",
                                                 [401, 422, 422, 403, 404, 403, 403, 422, 422, 404, 401, 401, 422]),
    ("GET /dashboard/{site}/preview/{sheet}/{language}",
                                                 [401, 200, 200, 403, 404, 403, 403, 200, 200, 404, 401, 401, 200]),
    ("GET /dashboard/{site}/preview/{sheet}/{language}/v1/{file}",
                                                 [401, 200, 200, 403, 404, 403, 403, 200, 200, 404, 401, 401, 200]),
    ("GET /dashboard/{site}/preview/{sheet}/{language}/assets/{file}",
                                                 [401, 200, 200, 403, 404, 403, 403, 200, 200, 404, 401, 401, 200]),
    // What the widget sends from a preview; kept nowhere.
    ("POST /dashboard/{site}/preview/{sheet}/{language}/v1/{file}",
                                                 [409; 13]),
    ("GET /dashboard/{site}/responses/{id}/erase",
                                                 [401, 200, 403, 403, 404, 403, 403, 403, 200, 404, 401, 401, 200]),
    ("POST /dashboard/{site}/responses/{id}/erase",
                                                 [401, 303, 403, 403, 404, 403, 403, 403, 303, 404, 401, 401, 303]),
    ("GET /dashboard/{site}/data",               [401, 200, 403, 403, 404, 403, 403, 403, 200, 404, 401, 401, 200]),
    ("POST /dashboard/{site}/data/person",       [401, 200, 403, 403, 404, 403, 403, 403, 200, 404, 401, 401, 200]),
    ("POST /dashboard/{site}/data/export",       [401, 200, 403, 403, 404, 403, 403, 403, 200, 404, 401, 401, 200]),
    ("POST /dashboard/{site}/data/erase",        [401, 200, 403, 403, 404, 403, 403, 403, 200, 404, 401, 401, 200]),
    ("POST /dashboard/{site}/data/retention",    [401, 200, 403, 403, 404, 403, 403, 403, 200, 404, 401, 401, 200]),
    // A form that names no site removes none.
    ("POST /dashboard/{site}/data/remove",       [401, 422, 403, 403, 404, 403, 403, 403, 422, 404, 401, 401, 422]),
    ("GET /dashboard/you",                       [401, 200, 200, 200, 200, 401, 401, 401, 401, 401, 401, 401, 401]),
    ("POST /dashboard/you/password",             [401, 422, 422, 422, 422, 401, 401, 401, 401, 401, 401, 401, 401]),
    ("POST /dashboard/you/sessions",             [401, 303, 303, 303, 303, 401, 401, 401, 401, 401, 401, 401, 401]),
    ("GET /dashboard/people",                    [401, 200, 403, 403, 200, 403, 403, 403, 200, 200, 401, 401, 200]),
    ("POST /dashboard/people",                   [401, 303, 403, 403, 404, 403, 403, 403, 303, 404, 401, 401, 303]),
    ("POST /dashboard/people/link",              [401, 200, 403, 403, 403, 403, 403, 403, 200, 403, 401, 401, 200]),
    ("POST /dashboard/people/state",             [401, 303, 403, 403, 403, 403, 403, 403, 303, 403, 401, 401, 303]),
    ("GET /dashboard/tokens",                    [401, 200, 403, 403, 200, 403, 403, 403, 200, 200, 401, 401, 200]),
    ("POST /dashboard/tokens",                   [401, 200, 403, 403, 422, 403, 403, 403, 200, 422, 401, 401, 200]),
    ("POST /dashboard/tokens/revoke",            [401, 303, 403, 403, 404, 403, 403, 403, 303, 404, 401, 401, 303]),
    ("GET /dashboard/audit",                     [401, 200, 403, 403, 200, 403, 403, 403, 200, 200, 401, 401, 200]),
    // Whoever is signed in goes on; signing out leads to the door.
    ("GET /dashboard/sign-in",                   [200, 303, 303, 303, 303, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("POST /dashboard/sign-in",                  [403; 13]),
    ("POST /dashboard/sign-out",                 [401; 13]),
    // There are accounts, and no link.
    ("GET /dashboard/set-up",                    [403; 13]),
    ("POST /dashboard/set-up",                   [403; 13]),
    ("GET /dashboard/invitation",                [403; 13]),
    ("POST /dashboard/invitation",               [403; 13]),
    ("POST /v1/responses",                       [200; 13]),
    ("POST /v1/events",                          [204; 13]),
    ("GET /v1/{tag}",                            [200; 13]),
    ("GET /s/{site}/{survey}",                   [200; 13]),
    ("POST /s/{site}/{survey}",                  [200; 13]),
    // Nothing leads on from a survey without a link under its thanks.
    ("GET /s/{site}/{survey}/link",              [404; 13]),
    ("GET /s/{site}/{survey}/qr.svg",            [200; 13]),
    ("GET /assets/{file}",                       [200; 13]),
    ("GET /demo/img/{file}",                     [200; 13]),
    ("GET /metrics",                             [200; 13]),
    ("GET /readyz",                              [200; 13]),
];

/// The whole table: each noun with many routes has its own part of it.
fn table() -> impl Iterator<Item = Row> {
    let parts: [&[Row]; 7] = [
        &TABLE,
        &asking::ROWS,
        &cases::ROWS,
        &invitations::ROWS,
        &sources::ROWS,
        &tickets::ROWS,
        &webhooks::ROWS,
    ];
    parts.into_iter().flatten().copied()
}

/// What is sent to a route, and what its path is filled in with; things that are used up are made first.
async fn ready(house: &House, route: &str) -> (String, Sent) {
    static MADE: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
    let new = format!("new{}", MADE.fetch_add(1, std::sync::atomic::Ordering::Relaxed));
    let (_, path) = route.split_once(' ').unwrap();
    let mut path = path.replace("{site}", "pk_demo").replace("{tag}", "pk_demo.js");
    path = path.replace("{sheet}", "saved.nps").replace("{language}", "it");
    path = path
        .replace("/v1/{file}", "/v1/pk_preview.js")
        .replace("assets/{file}", "assets/pk_preview.preview.it-0.bin");
    let mut sent = Sent::Nothing;
    match route {
        "POST /api/v1/sites" => sent = Sent::Json(json!({"name": "New"})),
        "PATCH /api/v1/sites/{site}" => sent = Sent::Json(json!({"name": "Demo shop"})),
        "POST /api/v1/sites/{site}/surveys" => sent = Sent::Json(definition(&new, json!({}))),
        "PUT /api/v1/sites/{site}/surveys/{survey}" => {
            sent = Sent::Json(house.server.read("/surveys/nps").await);
        }
        "DELETE /api/v1/sites/{site}/surveys/{survey}" => {
            let made = definition(&new, json!({}));
            assert_eq!(house.server.api(Method::POST, "/surveys", Some(&made)).await.status, 201);
            path = path.replace("{survey}", &new);
        }
        "POST /api/v1/sites/{site}/responses/review" => {
            path += "?survey=nps";
            sent = Sent::Json(json!({"review": "reset"}));
        }
        "GET /api/v1/sites/{site}/funnel" | "GET /api/v1/sites/{site}/scores" => path += "?survey=nps",
        "POST /api/v1/tokens" => {
            sent = Sent::Json(json!({"name": "CRM", "scopes": ["read"], "sites": ["pk_demo"]}));
        }
        "DELETE /api/v1/tokens/{token}" => {
            path = path.replace("{token}", &house.token(&["read"], &["pk_demo"], None).await.1);
        }
        "POST /dashboard/tokens/revoke" => {
            sent = Sent::Form(form(&[("id", &house.token(&["read"], &["pk_demo"], None).await.1)]));
        }
        "POST /dashboard/tokens" => {
            sent = Sent::Form(form(&[("name", "CRM"), ("scope", "read"), ("site", "pk_demo")]));
        }
        "POST /dashboard/people" => {
            sent = Sent::Form(form(&[("email", "viewer@x"), ("site", "pk_demo"), ("role", "viewer")]));
        }
        "POST /dashboard/people/link" => sent = Sent::Form(form(&[("email", "viewer@x")])),
        "POST /dashboard/people/state" => {
            sent = Sent::Form(form(&[("email", "viewer@x"), ("state", "open")]));
        }
        "POST /v1/responses" => sent = Sent::Json(valid(9)),
        "POST /v1/events" => {
            sent = Sent::Json(json!({"site": "pk_demo", "survey": "nps", "events": ["shown"]}));
        }
        "POST /s/{site}/{survey}" => {
            let fields = [("id", &*crate::answer::fresh_id()), ("score", "9"), ("revision", "1")];
            sent = Sent::Form(form(&fields));
        }
        "POST /dashboard/{site}/comments" => sent = Sent::Form(form(&[("review", "reset")])),
        "GET /dashboard/{site}/responses/{id}" | "GET /dashboard/{site}/responses/{id}/erase" => {
            path = path.replace("{id}", &house.answer().await);
        }
        "GET /assets/{file}" => path = "/assets/dashboard-0000000000000000.css".into(),
        "GET /demo/img/{file}" => {
            let page = house.server.get("/demo").await;
            path = page.text().split('"').find(|text| text.starts_with("/demo/img/")).unwrap().into();
        }
        _ if of_rights(house, route, &new, &mut path, &mut sent).await => {}
        _ if of_an_invitation(house, route, &mut path, &mut sent).await => {}
        _ if route.starts_with("POST ") => sent = Sent::Form(String::new()),
        _ => {}
    }
    (path.replace("{survey}", "nps"), sent)
}

/// The same for what erases and tells; `false` for what does not.
async fn of_rights(house: &House, route: &str, new: &str, path: &mut String, sent: &mut Sent) -> bool {
    match route {
        "DELETE /api/v1/sites/{site}" => {
            let made = json!({"site": format!("pk_{new}"), "name": "New"});
            assert_eq!(house.server.api(Method::POST, "/api/v1/sites", Some(&made)).await.status, 201);
            *path = format!("/api/v1/sites/pk_{new}");
        }
        "GET /api/v1/sites/{site}/subjects/{ref}" | "DELETE /api/v1/sites/{site}/subjects/{ref}" => {
            *path = path.replace("{ref}", "c-77");
        }
        "DELETE /api/v1/sites/{site}/responses/{id}" => *path = path.replace("{id}", &house.answer().await),
        "POST /dashboard/{site}/responses/{id}/erase" => {
            *path = path.replace("{id}", &house.answer().await);
            *sent = Sent::Form(String::new());
        }
        "POST /dashboard/{site}/data/person"
        | "POST /dashboard/{site}/data/export"
        | "POST /dashboard/{site}/data/erase" => {
            *sent = Sent::Form(form(&[("ref", "c-77"), ("by", "subject")]));
        }
        _ => return false,
    }
    true
}

enum Sent {
    Nothing,
    Json(Value),
    Form(String),
    /// A file in the field `file` of a form.
    File(&'static str),
}

/// The header by which a credential is shown; each time a session of its own, since some calls end it.
async fn shown(house: &House, credential: usize) -> (&'static str, String) {
    let person = ["", "owner@x", "editor@x", "viewer@x", "other@x"].get(credential);
    let bearer = |token: String| ("authorization", format!("Bearer {token}"));
    match (credential, person) {
        (0, _) => ("x-nothing", String::new()),
        (_, Some(email)) => ("cookie", house.session(email).await),
        (5, _) => bearer(house.token(&["read"], &[], None).await.0),
        (6, _) => bearer(house.token(&["export"], &["pk_demo"], Some(NOON + 1_000)).await.0),
        (7, _) => bearer(house.token(&["write"], &["pk_demo", "pk_scales"], None).await.0),
        (8, _) => bearer(house.token(&["admin"], &[], None).await.0),
        (9, _) => bearer(house.token(&["admin"], &["pk_scales"], None).await.0),
        (10, _) => bearer(house.token(&["admin"], &[], Some(NOON)).await.0),
        (11, _) => {
            let (token, id) = house.token(&["admin"], &[], None).await;
            assert!(house.store.access().revoke_token(&id).await.unwrap());
            bearer(token)
        }
        _ => bearer(TOKEN.into()),
    }
}

async fn status(house: &House, route: &str, credential: usize) -> u16 {
    let is_of = |rows: &[Row]| rows.iter().any(|(row, _)| *row == route);
    let (path, sent) = match () {
        () if is_of(&cases::ROWS) => of_a_case_or_mark(house, route).await,
        () if is_of(&webhooks::ROWS) => of_a_webhook(house, route).await,
        () if is_of(&sources::ROWS) => of_a_source(house, route).await,
        () if is_of(&asking::ROWS) => of_a_rule(house, route).await,
        () if is_of(&tickets::ROWS) => of_a_ticket(route),
        () => ready(house, route).await,
    };
    let (header, value) = shown(house, credential).await;
    let method: Method = route.split(' ').next().unwrap().parse().unwrap();
    let request =
        house.server.request(method, &path).header(header, value).header("origin", &house.server.base);
    if path.ends_with("/live") {
        // A stream has no end to wait for.
        let reply = request.send().await.unwrap();
        let is_door = reply.headers().get("location").is_some_and(|place| place == "/dashboard/sign-in");
        return if is_door { 401 } else { reply.status().as_u16() };
    }
    let form = "application/x-www-form-urlencoded";
    let reply = Reply::to(match sent {
        Sent::Nothing => request,
        Sent::Json(body) => request.json(&body),
        Sent::Form(fields) => request.header("content-type", form).body(fields),
        Sent::File(text) => {
            let (body, content_type) = crate::invited::form("file", text.as_bytes());
            request.header("content-type", content_type).body(body)
        }
    })
    .await;
    let is_door = reply.status == 303 && reply.header("location") == "/dashboard/sign-in";
    if is_door { 401 } else { reply.status }
}

#[tokio::test]
async fn every_route_answers_every_credential_as_the_table_says() {
    let house = House::open().await;
    house.add("owner@x", None, Role::Owner).await;
    house.add("editor@x", Some("pk_demo"), Role::Editor).await;
    house.add("viewer@x", Some("pk_demo"), Role::Viewer).await;
    house.add("other@x", Some("pk_scales"), Role::Owner).await;
    let open = OPEN.map(|path| (format!("GET {path}"), [200; 13]));
    let mut wrong = Vec::new();
    for (route, expected) in table().map(|(route, row)| (route.to_owned(), row)).chain(open) {
        for (credential, expected) in expected.into_iter().enumerate() {
            let status = status(&house, &route, credential).await;
            if status != expected {
                wrong.push(format!("{route} by {}: {status}, not {expected}", CREDENTIALS[credential]));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn no_route_is_missing_from_the_table() {
    let listed = table().map(|(route, _)| route.replace(" /api/v1", " "));
    let open = OPEN.map(|path| format!("GET {path}"));
    let listed: BTreeSet<String> = listed.chain(open).map(|route| without_names(&route)).collect();
    let routes: BTreeSet<String> = routes().into_iter().map(|route| route.replace(" /api/v1", " ")).collect();
    assert_eq!(listed, routes);
}
