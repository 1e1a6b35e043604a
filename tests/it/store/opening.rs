//! How a database on a server is opened: by whom, over which line, and what is said when there is no way in.

use futures_util::future::join_all;
use parere_collector::store::{self, Purpose};

use super::{SITE, bare, open_shop};
use crate::postgres::{Database, PASSWORD, PASSWORD_IN_URL, server};

/// Why `url` cannot be opened; never with the password in it.
async fn refusal(url: &str) -> String {
    let Err(error) = store::open(url, Purpose::Serve).await else { panic!("it opened") };
    let said = format!("{error:#}");
    assert!(
        !said.contains(PASSWORD) && !said.contains(PASSWORD_IN_URL) && !said.contains("secret"),
        "{said}"
    );
    assert!(!said.contains('\n'), "one sentence: {said}");
    said
}

#[tokio::test(flavor = "multi_thread")]
async fn collectors_that_start_together_take_turns_with_the_schema() {
    let database = Database::create().await;
    let url = database.url();
    let stores = join_all((0..6).map(|_| store::open(&url, Purpose::Serve))).await;
    let stores: Vec<_> = stores.into_iter().map(Result::unwrap).collect();
    open_shop(&*stores[0], SITE).await;
    stores[5].append([bare(SITE, 9)].into()).await.unwrap();
}

#[tokio::test]
async fn no_way_in_is_said_in_a_sentence() {
    let database = Database::create().await;
    let port = server().port;
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let name = &database.name;
    for (url, expected) in [
        (
            format!("postgres://parere:secret@localhost:{port}/{name}"),
            "refuses the password of the user parere",
        ),
        (format!("postgres://parere:{PASSWORD_IN_URL}@localhost:{port}/nowhere"), "createdb nowhere"),
        (format!("postgres://parere:secret@localhost:{free}/{name}"), "cannot be reached"),
        (format!("postgres://parere:secret@no-such-host.invalid/{name}"), "cannot be reached"),
        (format!("postgres://parere:secret@localhost:port/{name}"), "cannot be read"),
        ("postgres://parere:secret@localhost/db?colour=red".into(), "cannot be read"),
        ("postgres://parere:secret@localhost/db?sslmode=maybe".into(), "sslmode=maybe is not known"),
        ("postgres://parere:secret@localhost/db?sslmode=verify-full&sslrootcert=%2Fno.pem".into(), "/no.pem"),
        ("mysql://parere:secret@localhost/db".into(), "must begin with sqlite: or postgres://"),
    ] {
        let said = refusal(&url).await;
        assert!(said.contains(expected), "{expected}: {said}");
    }
}

#[tokio::test]
async fn a_database_of_a_newer_program_is_left_alone() {
    let database = Database::create().await;
    store::open(&database.url(), Purpose::Serve).await.unwrap();
    let client = database.connect().await;
    client.execute("INSERT INTO schema_steps (step, taken_at) VALUES (1000, now())", &[]).await.unwrap();
    let said = refusal(&database.url()).await;
    assert!(said.contains("newer parere (schema 1000)"), "{said}");
}

#[tokio::test]
async fn a_user_without_rights_is_told_which_are_missing() {
    let database = Database::create().await;
    let client = database.connect().await;
    client.batch_execute("CREATE ROLE guest LOGIN PASSWORD 'secret'").await.unwrap();
    let said =
        refusal(&format!("postgres://guest:secret@localhost:{}/{}", server().port, database.name)).await;
    assert!(said.contains("guest may not create its tables") && said.contains("GRANT CREATE"), "{said}");
}

#[tokio::test]
async fn the_line_is_as_safe_as_the_url_asks() {
    let database = Database::create().await;
    let in_url = |path: std::path::PathBuf| path.to_str().unwrap().replace('/', "%2F");
    let (root, stranger) = (in_url(server().certificate("root")), in_url(server().certificate("stranger")));
    let encrypted = "SELECT bool_and(ssl) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
        WHERE datname = current_database() AND application_name = 'parere'";
    for (host, parameters, expected) in [
        ("localhost", "sslmode=disable".to_owned(), Some(false)),
        ("localhost", String::new(), Some(true)),
        ("localhost", "sslmode=prefer".to_owned(), Some(true)),
        ("127.0.0.1", "sslmode=require".to_owned(), Some(true)),
        ("localhost", format!("sslmode=verify-full&sslrootcert={root}"), Some(true)),
        // The certificate is for localhost.
        ("127.0.0.1", format!("sslmode=verify-full&sslrootcert={root}"), None),
        ("127.0.0.1", format!("sslmode=verify-ca&sslrootcert={root}"), Some(true)),
        // Somebody else signed it; who names a root with `require` wants to know.
        ("localhost", format!("sslmode=verify-full&sslrootcert={stranger}"), None),
        ("localhost", format!("sslmode=require&sslrootcert={stranger}"), None),
        // Several hosts: the first that answers.
        ("localhost:1,localhost", "sslmode=require".to_owned(), Some(true)),
    ] {
        let url = database.url_at(host, &parameters);
        let opened = store::open(&url, Purpose::Serve).await;
        match (opened, expected) {
            (Ok(store), Some(expected)) => {
                store.check().await.unwrap();
                let row = database.connect().await.query_one(encrypted, &[]).await.unwrap();
                assert_eq!(row.get::<_, bool>(0), expected, "{host} {parameters}");
                store.close().await.unwrap();
                database.wait_until_left().await;
            }
            (Err(error), None) => {
                let said = format!("{error:#}");
                assert!(said.contains("cannot be reached") && said.contains("certificate"), "{said}");
            }
            (opened, _) => panic!("{host} {parameters}: {:?}", opened.err()),
        }
    }
}
