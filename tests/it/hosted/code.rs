//! The printed code leads where it says, as a phone reads it.

use crate::server::Server;

/// Pixels of a module: what a reader of pictures can tell apart.
const SCALE: usize = 4;

/// Reads the code off its drawing.
fn read(svg: &str) -> String {
    let side: usize = svg.split("viewBox=\"0 0 ").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();
    let path = svg.split(" d=\"").nth(2).unwrap().split('"').next().unwrap();
    let mut dark = vec![false; side * side];
    for run in path.split('M').skip(1) {
        let (at, rest) = run.split_once('h').unwrap();
        let (x, y) = at.split_once(' ').unwrap();
        let (x, y): (usize, usize) = (x.parse().unwrap(), y.parse().unwrap());
        let len: usize = rest.split('v').next().unwrap().parse().unwrap();
        dark[y * side + x..y * side + x + len].fill(true);
    }
    let quiet = (0..side * side)
        .filter(|i| i % side < 4 || i / side < 4 || i % side >= side - 4 || i / side >= side - 4);
    assert!(quiet.into_iter().all(|i| !dark[i]), "four modules around it are white");
    let mut picture = rqrr::PreparedImage::prepare_from_greyscale(side * SCALE, side * SCALE, |x, y| {
        if dark[y / SCALE * side + x / SCALE] { 0 } else { 255 }
    });
    let grids = picture.detect_grids();
    assert_eq!(grids.len(), 1, "{svg}");
    grids[0].decode().unwrap().1
}

#[tokio::test]
async fn a_code_leads_to_the_page() {
    let server = Server::start_with(&["--public-url", "https://feedback.example/"]).await;
    for (query, expected) in [
        ("", "https://feedback.example/s/pk_demo/nps?via=qr"),
        (
            "?lang=it&ref=via%20Roma%201&touchpoint=delivery&via=email&kiosk=1&x=y",
            "https://feedback.example/s/pk_demo/nps?via=qr&lang=it&touchpoint=delivery&ref=via+Roma+1",
        ),
    ] {
        let reply = server.get(&format!("/s/pk_demo/nps/qr.svg{query}")).await;
        assert_eq!((reply.status, reply.header("content-type")), (200, "image/svg+xml"), "{reply:?}");
        assert_eq!(reply.header("cache-control"), "public, max-age=86400");
        assert_eq!(read(reply.text()), expected);
    }
    for path in ["/s/pk_demo/nothing/qr.svg", "/s/pk_nobody/nps/qr.svg"] {
        assert_eq!(server.get(path).await.status, 404, "{path}");
    }
}
