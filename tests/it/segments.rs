//! Lists of people from a CRM: sent by a program or out of a file, and what becomes of them.

use std::fs;
use std::path::Path;

use parere_collector::clock::{Clock as _, SystemClock};
use parere_shared::time::{DAY_MS, Millis};
use reqwest::Method;
use serde_json::{Value, json};

use crate::answer::{NOON, valid, with};
use crate::client::{Client, PATIENCE, Reply};
use crate::hooks::connected;
use crate::postgres::Database;
use crate::program::{Program, parere};
use crate::server::Server;

async fn send(client: &Client, list: &Value) -> Reply {
    client.api(Method::POST, "/segments", Some(list)).await
}

/// The attributes of an answer that `subject` gives now, and whose page says `more`.
async fn answered(client: &Client, subject: &str, more: Value) -> Value {
    let answer = with(valid(9), json!({"subject": subject, "attributes": more}));
    assert_eq!(client.post(&answer).await.status, 200);
    let found = client.read(&format!("/responses?id={}", answer["id"].as_str().unwrap())).await;
    found["responses"][0]["attributes"].clone()
}

/// A shop tells `now` of an order of this customer.
async fn ordered(client: &Client, now: Millis, order: &str, customer: &str, email: &str) {
    let signer = standardwebhooks::Webhook::new(&connected(client, "orders").await).unwrap();
    let told = json!({"order": order, "event": "delivered", "subject": customer, "email": email}).to_string();
    let at_s = now / 1_000;
    let request = client
        .request(Method::POST, "/hooks/orders/pk_demo")
        .header("webhook-id", "msg_1")
        .header("webhook-timestamp", at_s.to_string())
        .header("webhook-signature", signer.sign("msg_1", at_s, told.as_bytes()).unwrap());
    assert_eq!(Reply::to(request.body(told)).await.status, 200);
}

#[tokio::test]
async fn what_a_list_says_comes_with_later_answers() {
    let server = Server::start().await;
    ordered(&server, NOON, "1001", "c-77", "Luca@Shop.example").await;
    let list = json!([
        {"subject": "c-1", "attributes": {"plan": "gold", "tier": "2"}},
        {"email": " luca@shop.EXAMPLE ", "attributes": {"plan": "basic"}},
        {"email": "nobody@shop.example", "attributes": {"plan": "basic"}},
    ]);
    let dry = server.api(Method::POST, "/segments?dry_run=1", Some(&list)).await;
    assert_eq!((dry.status, dry.json()), (200, json!({"taken": 2, "unknown": [2]})), "{dry:?}");
    assert_eq!(answered(&server, "c-1", json!({})).await, json!({}), "nothing was written");
    assert_eq!(send(&server, &list).await.json(), dry.json());
    assert_eq!(answered(&server, "c-1", json!({})).await, json!({"plan": "gold", "tier": "2"}));
    assert_eq!(answered(&server, "c-77", json!({"page": "x"})).await, json!({"page": "x", "plan": "basic"}));
    assert_eq!(answered(&server, "c-1", json!({"plan": "none"})).await, json!({"plan": "none", "tier": "2"}));
    assert_eq!(answered(&server, "c-2", json!({})).await, json!({}));
    let one = json!({"subject": "c-1", "attributes": {"plan": null}});
    assert_eq!(send(&server, &one).await.json(), json!({"taken": 1, "unknown": []}));
    assert_eq!(answered(&server, "c-1", json!({})).await, json!({"tier": "2"}));
    let log = server.read("/api/v1/audit").await.to_string();
    assert!(log.contains("segments.import") && log.contains("2 entries") && !log.contains("c-1"), "{log}");
}

#[tokio::test]
async fn a_person_is_told_of_it_and_can_have_it_forgotten() {
    let server = Server::start().await;
    ordered(&server, NOON, "1001", "c-77", "luca@shop.example").await;
    for (subject, plan) in [("c-1", "gold"), ("c-77", "basic"), ("c-3", "old")] {
        let list = json!({"subject": subject, "attributes": {"plan": plan}});
        assert_eq!(send(&server, &list).await.status, 200);
    }
    let told = async |reference: &str| {
        let reply = server.api(Method::GET, &format!("/subjects/{reference}"), None).await;
        assert_eq!(reply.status, 200, "{reply:?}");
        reply.lines()
    };
    let line = &told("c-1").await[0];
    assert_eq!(line["segments"], json!({"attributes": {"plan": "gold"}, "at": "2026-11-21T11:00:00.000Z"}));
    let lines = told("1001").await;
    assert!(lines.iter().any(|line| line["segments"]["attributes"]["plan"] == "basic"), "{lines:?}");
    for reference in ["c-1", "1001"] {
        let reply = server.api(Method::DELETE, &format!("/subjects/{reference}"), None).await;
        assert_eq!((reply.status, reply.json()), (200, json!({"erased": 0})), "{reply:?}");
    }
    assert_eq!(answered(&server, "c-1", json!({})).await, json!({}));
    assert_eq!(answered(&server, "c-77", json!({})).await, json!({}), "whose the order was");
    assert_eq!(answered(&server, "c-3", json!({})).await, json!({"plan": "old"}));

    // It is kept as long as how to reach a customer.
    server.clock.advance(121 * DAY_MS);
    let deadline = std::time::Instant::now() + PATIENCE;
    while told("c-3").await.iter().any(|line| line.get("segments").is_some()) {
        assert!(std::time::Instant::now() < deadline, "it is kept");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert_eq!(answered(&server, "c-3", json!({})).await, json!({}));
}

#[tokio::test]
async fn what_is_no_list_is_named_and_nothing_is_taken() {
    let server = Server::start().await;
    let good = json!({"subject": "c-1", "attributes": {"plan": "gold"}});
    let many: serde_json::Map<String, Value> = (0..33).map(|n| (format!("a{n}"), json!("x"))).collect();
    for (sent, status, broken) in [
        (json!({"attributes": {"plan": "x"}}), 422, vec!["subject missing"]),
        (json!({"subject": "c-1"}), 422, vec!["attributes missing"]),
        (json!({"subject": "c-1", "attributes": {}}), 422, vec!["attributes empty"]),
        (json!({"subject": "c-1", "attributes": many}), 422, vec!["attributes too_many"]),
        (json!({"subject": "c-1", "attributes": {"plan": 1}}), 422, vec!["attributes.plan type"]),
        (json!({"email": "luca", "attributes": {"plan": "x"}}), 422, vec!["email format"]),
        (json!({"subject": "c-1", "email": "luca", "attributes": {"plan": "x"}}), 422, vec!["email format"]),
        (json!({"subject": "c-1", "attributes": {"plan": "x"}, "name": "Luca"}), 422, vec!["name unknown"]),
        (
            json!([good, {"subject": "", "attributes": {"p": "\u{7}"}}]),
            422,
            vec!["[1].attributes.p control_character", "[1].subject empty"],
        ),
        (json!(vec![good.clone(); 501]), 413, vec!["body too_many"]),
        (json!("list"), 400, vec!["body type"]),
    ] {
        let reply = send(&server, &sent).await;
        let mut found = reply.violations();
        found.sort();
        assert_eq!((reply.status, found), (status, broken.into_iter().map(String::from).collect()), "{sent}");
    }
    assert_eq!(answered(&server, "c-1", json!({})).await, json!({}));
    let reply = server.api(Method::POST, "/segments?dry_run=yes", Some(&good)).await;
    assert_eq!((reply.status, reply.violations()), (422, vec!["dry_run format".to_owned()]));
}

/// A sheet as CRMs export it: with a name before it that nobody sees, and more columns than are wanted.
const LIST: &str = "\u{feff}Customer ID;E-mail;Plan;Tier;Notes\r\n\
    c-1;;gold;2;\"two\r\nlines\"\r\n\
    ;luca@shop.example;basic;;x\r\n\
    ;nobody@shop.example;basic;;x\r\n\
    ;;basic;1;x\r\n\
    c-4;not read;basic\r\n\
    c-5;;bell\u{7};1;x\r\n";

/// Exit code and everything said.
fn run(folder: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let output = parere(folder, arguments).output().unwrap();
    (output.status.code(), String::from_utf8([output.stdout, output.stderr].concat()).unwrap())
}

#[tokio::test]
async fn a_file_is_taken_but_for_its_bad_rows() {
    let database = Database::create().await;
    for url in ["sqlite:parere.db".to_owned(), database.url()] {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        let program = Program::start_with(folder, &["--database-url", &url]).await;
        ordered(&program, SystemClock.now(), "1001", "c-77", "luca@shop.example").await;
        fs::write(folder.join("list.csv"), LIST).unwrap();
        let map = "subject=customer id,email=E-mail,attribute.plan=Plan,attributes.tier=Tier";
        let import = ["segments", "import", "--site", "pk_demo", "--file", "list.csv", "--map", map];
        let import = [&import[..], &["--database-url", &url]].concat();
        let (code, dry) = run(folder, &[&import[..], &["--dry-run"]].concat());
        assert!(code == Some(3) && dry.starts_with("nothing was written"), "{dry}");
        assert_eq!(answered(&program, "c-1", json!({})).await, json!({}));
        let (code, said) = run(folder, &[&import[..], &["--rejects", "no.csv"]].concat());
        assert_eq!(code, Some(3), "{said}");
        assert_eq!(dry.split_once('\n').unwrap().1, said, "it says beforehand what will be");
        for line in [
            "columns that nothing is made of: Notes",
            "6 rows: 2 taken, 4 refused",
            "line 5: no order with a customer is known with this e-mail address",
            "line 6: subject is required",
            "line 7: it has 3 cells where the header has 5",
            "line 8: attributes.plan",
            "4 of 6 rows were refused",
        ] {
            assert!(said.contains(line), "{line}: {said}");
        }
        assert_eq!(answered(&program, "c-1", json!({})).await, json!({"plan": "gold", "tier": "2"}));
        assert_eq!(answered(&program, "c-77", json!({})).await, json!({"plan": "basic"}));
        let no = fs::read_to_string(folder.join("no.csv")).unwrap();
        assert!(no.starts_with("Customer ID,E-mail,Plan,Tier,Notes,refused\r\n"), "{no}");
        assert_eq!(no.lines().count(), 5, "{no}");

        // An empty cell takes away what a list said before; what a file does not have stays.
        fs::write(folder.join("list.csv"), "Id,Plan\nc-1,\n").unwrap();
        let import =
            [&import[..6], &["--map", "subject=Id,attribute.plan=Plan", "--database-url", &url]].concat();
        let (code, said) = run(folder, &import);
        assert!(code == Some(0) && said == "1 rows: 1 taken, 0 refused\n", "{said}");
        assert_eq!(answered(&program, "c-1", json!({})).await, json!({"tier": "2"}));
        for (map, clue) in [
            ("attribute.plan=Plan", "which column has the person"),
            ("subject=Id", "what to take over"),
            ("subject=Id,attribute.plan=Tariff", "there is no column Tariff"),
            ("subject=Id,score=Plan", "score is no field"),
        ] {
            let import = [&import[..6], &["--map", map, "--database-url", &url]].concat();
            let (code, said) = run(folder, &import);
            assert!(code.is_some_and(|code| (1..=2).contains(&code)) && said.contains(clue), "{map}: {said}");
        }
    }
}
