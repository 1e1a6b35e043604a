//! What calls about invitations send.

use reqwest::Method;
use serde_json::json;

use super::{House, Row, Sent, form};

/// Invitations, the list of those who are not asked, and links that nobody was given.
#[rustfmt::skip]
pub(super) const ROWS: [Row; 19] = [
    //                                           nobody own edit view oth  read expt wrte adm  adm2 old  gone env
    ("GET /api/v1/sites/{site}/invitations",     [401, 200, 200, 200, 404, 200, 403, 403, 200, 404, 401, 401, 200]),
    ("POST /api/v1/sites/{site}/invitations",    [401, 201, 201, 403, 404, 403, 403, 201, 201, 404, 401, 401, 201]),
    ("POST /api/v1/sites/{site}/invitations.csv",
                                                 [401, 200, 200, 403, 404, 403, 403, 200, 200, 404, 401, 401, 200]),
    ("GET /api/v1/sites/{site}/invitations/cards.svg",
                                                 [401, 200, 200, 200, 404, 200, 403, 403, 200, 404, 401, 401, 200]),
    ("GET /api/v1/sites/{site}/invitations/cards.pdf",
                                                 [401, 200, 200, 200, 404, 200, 403, 403, 200, 404, 401, 401, 200]),
    ("POST /api/v1/sites/{site}/invitations/cards.svg",
                                                 [401, 200, 200, 403, 404, 403, 403, 200, 200, 404, 401, 401, 200]),
    ("POST /api/v1/sites/{site}/invitations/cards.pdf",
                                                 [401, 200, 200, 403, 404, 403, 403, 200, 200, 404, 401, 401, 200]),
    ("DELETE /api/v1/sites/{site}/invitations/{invitation}",
                                                 [401, 204, 204, 403, 404, 403, 403, 204, 204, 404, 401, 401, 204]),
    ("GET /api/v1/sites/{site}/suppressions",    [401, 200, 200, 200, 404, 200, 403, 403, 200, 404, 401, 401, 200]),
    ("POST /api/v1/sites/{site}/suppressions",   [401, 204, 204, 403, 404, 403, 403, 204, 204, 404, 401, 401, 204]),
    ("DELETE /api/v1/sites/{site}/suppressions/{address}",
                                                 [401, 204, 204, 403, 404, 403, 403, 204, 204, 404, 401, 401, 204]),
    ("GET /dashboard/{site}/invitations",        [401, 200, 200, 200, 404, 200, 403, 403, 200, 404, 401, 401, 200]),
    ("POST /dashboard/{site}/invitations",       [401, 303, 303, 403, 404, 403, 403, 303, 303, 404, 401, 401, 303]),
    ("POST /dashboard/{site}/invitations/table", [401, 303, 303, 403, 404, 403, 403, 303, 303, 404, 401, 401, 303]),
    ("GET /i/{token}",                           [404; 13]),
    ("POST /i/{token}",                          [404; 13]),
    ("GET /i/{token}/link",                      [404; 13]),
    ("GET /i/{token}/unsubscribe",               [404; 13]),
    ("POST /i/{token}/unsubscribe",              [404; 13]),
];

/// The path and what is sent there, for invitations and the list of those who are not asked; `false` for others.
pub(super) async fn of_an_invitation(house: &House, route: &str, path: &mut String, sent: &mut Sent) -> bool {
    let wish = json!({"survey": "nps", "channel": "link"});
    match route {
        "POST /api/v1/sites/{site}/invitations" => *sent = Sent::Json(wish),
        "POST /api/v1/sites/{site}/invitations.csv" => *sent = Sent::Form("survey,channel,key\n".into()),
        "GET /api/v1/sites/{site}/invitations/cards.svg"
        | "POST /api/v1/sites/{site}/invitations/cards.svg"
        | "GET /api/v1/sites/{site}/invitations/cards.pdf"
        | "POST /api/v1/sites/{site}/invitations/cards.pdf" => {
            *path += "?survey=nps&n=1";
        }
        "DELETE /api/v1/sites/{site}/invitations/{invitation}" => {
            let made = house.server.api(Method::POST, "/invitations", Some(&wish)).await.json();
            *path = path.replace("{invitation}", made["invitation"].as_str().unwrap());
        }
        "POST /api/v1/sites/{site}/suppressions" => {
            *sent = Sent::Json(json!({"address": "luca@example.com"}));
        }
        "DELETE /api/v1/sites/{site}/suppressions/{address}" => {
            let listed = json!({"address": "luca@example.com"});
            house.server.api(Method::POST, "/suppressions", Some(&listed)).await;
            *path = path.replace("{address}", "luca@example.com");
        }
        "POST /dashboard/{site}/invitations" => {
            *sent = Sent::Form(form(&[("act", "suppress"), ("address", "+39 333 1234567")]));
        }
        "POST /dashboard/{site}/invitations/table" => *sent = Sent::File("survey,channel,key\n"),
        _ => return false,
    }
    true
}
