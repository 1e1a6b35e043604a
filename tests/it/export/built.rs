//! Parquet and XLSX over HTTP: whole, by parts, and again for those who come back.

use reqwest::Method;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::answer::{HOSTILE, full, with};
use crate::client::{Client, Reply, SITE, TOKEN};
use crate::server::Server;

async fn get(client: &Client, file: &str, headers: &[(&str, &str)]) -> Reply {
    let request = client.request(Method::GET, &format!("{SITE}/{file}")).bearer_auth(TOKEN);
    Reply::to(headers.iter().fold(request, |request, (name, value)| request.header(*name, *value))).await
}

async fn shop() -> Server {
    let server = Server::start().await;
    for text in HOSTILE {
        assert_eq!(server.post(&with(full(), json!({"comment": text}))).await.status, 200);
    }
    server
}

#[tokio::test]
async fn files_that_are_built_say_how_long_they_are_and_what() {
    let server = shop().await;
    for (file, media_type, begins, ends) in [
        ("responses.parquet", "application/vnd.apache.parquet", b"PAR1", Some(b"PAR1")),
        (
            "responses.xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            b"PK\x03\x04",
            None,
        ),
    ] {
        let whole = get(&server, file, &[]).await;
        assert_eq!((whole.status, whole.header("content-type")), (200, media_type), "{file}");
        assert_eq!(whole.header("content-length"), whole.body.len().to_string());
        assert_eq!(
            whole.header("etag"),
            format!("\"{}\"", parere_collector::random::hex(&Sha256::digest(&whole.body)))
        );
        assert_eq!(whole.header("parere-rows"), HOSTILE.len().to_string());
        assert_eq!((whole.header("parere-erased"), whole.header("accept-ranges")), ("0", "bytes"));
        assert!(whole.header("repr-digest").starts_with("sha-256=:"), "{file}");
        assert!(whole.header("content-disposition").ends_with(&format!("\"pk_demo-{file}\"")));
        assert!(whole.body.starts_with(begins));
        assert!(ends.is_none_or(|ends| whole.body.ends_with(ends)));
    }
}

#[tokio::test]
async fn a_download_that_broke_off_goes_on_in_the_same_file() {
    let server = shop().await;
    for file in ["responses.parquet", "responses.xlsx"] {
        let whole = get(&server, file, &[]).await;
        let tag = whole.header("etag").to_owned();
        // What comes meanwhile is not in it.
        assert_eq!(server.post(&full()).await.status, 200);
        let (len, middle) = (whole.body.len(), whole.body.len() / 2);
        let from_there = format!("bytes={middle}-");
        let rest = get(&server, file, &[("range", &from_there), ("if-range", &tag)]).await;
        assert_eq!((rest.status, rest.header("etag")), (206, &*tag), "{file}");
        assert_eq!(rest.header("content-range"), format!("bytes {middle}-{}/{len}", len - 1));
        assert_eq!(rest.body, whole.body[middle..]);
        let beyond = get(&server, file, &[("range", &format!("bytes={len}-")), ("if-range", &tag)]).await;
        assert_eq!((beyond.status, beyond.header("content-range")), (416, &*format!("bytes */{len}")));
        // Of another file, or after a quarter of an hour, there is only the whole of today's.
        let other = get(&server, file, &[("range", &from_there), ("if-range", "\"other\"")]).await;
        assert_eq!((other.status, &other.body), (200, &whole.body), "{file}");
        let unsaid = get(&server, file, &[("range", &from_there)]).await;
        assert_eq!(unsaid.status, 200, "a part of which file?");
        server.clock.advance(15 * 60 * 1_000);
        let late = get(&server, file, &[("range", &from_there), ("if-range", &tag)]).await;
        assert_eq!(late.status, 200, "{file}");
        assert_ne!(late.header("etag"), tag, "{file}");
    }
}

#[tokio::test]
async fn nothing_is_left_in_the_folder_where_files_are_built() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start_with(&["--temp-dir", folder.path().to_str().unwrap()]).await;
    for file in ["responses.parquet", "responses.xlsx"] {
        assert_eq!(get(&server, file, &[]).await.status, 200);
    }
    assert_eq!(folder.path().read_dir().unwrap().count(), 0, "no file there ever has a name");
    let gone = folder.path().to_owned();
    drop(folder);
    let nowhere = get(&server, "responses.parquet", &[]).await;
    assert_eq!(nowhere.status, 500, "{} is not there: {nowhere:?}", gone.display());
}
