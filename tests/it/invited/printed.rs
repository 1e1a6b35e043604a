//! Sheets of cards as PDF: another program's reader opens them, and the codes on the page lead where they say.

use std::collections::BTreeSet;

use lopdf::{Document, Object};
use reqwest::Method;
use serde_json::json;

use crate::server::Server;

/// Pixels of a point, for the picture that the codes are read off: a module has six or more.
const SCALE: f32 = 3.0;

/// What is on a page: its size in points, what it says, and a picture of what is filled, row by row.
struct Page {
    size: (f32, f32),
    said: Vec<String>,
    dark: Vec<bool>,
    width: usize,
    /// Left, top, right and bottom of each white square, on which a code is.
    white: Vec<[usize; 4]>,
}

/// What PDF calls a matrix, its six numbers in order.
type Matrix = [f32; 6];

/// `inner` first, then `outer`.
fn joined(inner: Matrix, outer: Matrix) -> Matrix {
    let column = |i: usize, from: usize| inner[i] * outer[from] + inner[i + 1] * outer[from + 2];
    [column(0, 0), column(0, 1), column(2, 0), column(2, 1), column(4, 0) + outer[4], column(4, 1) + outer[5]]
}

impl Page {
    /// The one page of a document.
    fn of(bytes: &[u8]) -> Self {
        let document = Document::load_mem(bytes).unwrap();
        let pages = document.get_pages();
        assert_eq!(pages.len(), 1);
        let edges = document.get_dictionary(pages[&1]).unwrap().get(b"MediaBox").unwrap().as_array().unwrap();
        let size = (edges[2].as_float().unwrap(), edges[3].as_float().unwrap());
        let (width, height) = (pixel(size.0), pixel(size.1));
        let mut page =
            Self { size, said: Vec::new(), dark: vec![false; width * height], width, white: Vec::new() };
        page.draw(&document.get_and_decode_page_content(pages[&1]).unwrap().operations);
        page
    }

    fn draw(&mut self, operations: &[lopdf::content::Operation]) {
        let mut state: (Matrix, bool) = ([1.0, 0.0, 0.0, 1.0, 0.0, 0.0], true);
        let (mut kept, mut path) = (Vec::new(), Vec::new());
        for operation in operations {
            let numbers: Vec<f32> = operation.operands.iter().filter_map(|o| o.as_float().ok()).collect();
            match (operation.operator.as_str(), &*numbers) {
                ("q", _) => kept.push(state),
                ("Q", _) => state = kept.pop().unwrap(),
                ("cm", matrix) => state.0 = joined(matrix.try_into().unwrap(), state.0),
                ("g", &[grey]) => state.1 = grey < 0.5,
                ("re", &[x, y, w, h]) => path.push(joined([w, 0.0, 0.0, h, x, y], state.0)),
                ("f", _) => path.drain(..).for_each(|square| self.fill(square, state.1)),
                ("S", _) => path.clear(),
                ("Tj", _) => self.said.push(latin(&operation.operands[0])),
                ("w" | "d" | "G" | "BT" | "ET" | "Tf" | "Tm", _) => {}
                other => panic!("{other:?}"),
            }
        }
        assert!(kept.is_empty() && path.is_empty());
    }

    /// Colours the pixels whose middle is in a rectangle.
    fn fill(&mut self, [w, _, _, h, x, y]: Matrix, is_dark: bool) {
        let top = self.size.1 - y.max(y + h);
        let [left, top, right, bottom] = [x, top, x + w, top + h.abs()].map(pixel);
        for row in top..bottom {
            self.dark[row * self.width + left..row * self.width + right].fill(is_dark);
        }
        if !is_dark {
            self.white.push([left, top, right, bottom]);
        }
    }

    /// Where the codes on it lead, as a phone reads them.
    fn codes(&self) -> Vec<String> {
        let read = |&[left, top, right, bottom]: &[usize; 4]| {
            let mut picture =
                rqrr::PreparedImage::prepare_from_greyscale(right - left, bottom - top, |x, y| {
                    if self.dark[(top + y) * self.width + left + x] { 0 } else { 255 }
                });
            let grids = picture.detect_grids();
            assert_eq!(grids.len(), 1, "a code on each white square");
            grids[0].decode().unwrap().1
        };
        self.white.iter().map(read).collect()
    }
}

/// The first pixel whose middle is at this place or beyond.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "places on a page of some hundred points"
)]
fn pixel(points: f32) -> usize {
    (points * SCALE).round() as usize
}

fn latin(text: &Object) -> String {
    text.as_str().unwrap().iter().copied().map(char::from).collect()
}

async fn sheet(server: &Server, method: Method, query: &str) -> Page {
    let reply = server.api(method, &format!("/invitations/cards.pdf?{query}"), None).await;
    assert_eq!((reply.status, reply.header("content-type")), (200, "application/pdf"), "{reply:?}");
    Page::of(&reply.body)
}

#[tokio::test]
async fn a_printed_sheet_has_cards_that_lead_to_the_question() {
    let server = Server::start_with(&["--public-url", "https://feedback.example/"]).await;
    let public = "https://feedback.example/s/pk_demo/nps?via=qr";
    let page = sheet(&server, Method::GET, "survey=nps&lang=it").await;
    assert_eq!((page.size.0.round(), page.size.1.round()), (595.0, 842.0), "A4");
    assert_eq!(page.codes(), vec![public; 10]);
    let said = page.said.join(" ");
    assert_eq!(said.matches("Bottega Fiorini Quanto è probabile").count(), 10, "{said}");
    let page = sheet(&server, Method::GET, "survey=nps&paper=letter&n=3").await;
    assert_eq!((page.size.0.round(), page.size.1.round()), (612.0, 792.0), "Letter");
    assert_eq!(page.codes(), vec![public; 3]);
    for (query, status) in [("survey=nps&paper=a5", 422), ("survey=nps&n=0", 422), ("survey=none", 404)] {
        let path = format!("/invitations/cards.pdf?{query}");
        assert_eq!(server.api(Method::GET, &path, None).await.status, status, "{query}");
    }
}

#[tokio::test]
async fn each_printed_card_has_a_link_of_its_own() {
    let server = Server::start().await;
    let page = sheet(&server, Method::POST, "survey=nps&n=10").await;
    let codes: BTreeSet<_> = page.codes().into_iter().collect();
    assert_eq!(codes.len(), 10, "{codes:?}");
    server.clock.advance(1_000);
    for code in &codes {
        let path = code.strip_prefix(&server.base).unwrap();
        assert!(path.starts_with("/i/pk_demo."), "{code}");
        assert_eq!(server.get(path).await.status, 200, "{code}");
    }
    let wrong = server.api(Method::POST, "/invitations/cards.pdf?survey=nps&n=2&lang=x", None).await;
    assert_eq!((wrong.status, wrong.violations()), (422, vec!["lang format".to_owned()]), "{wrong:?}");
    assert_eq!(server.read("/invitations").await["invitations"].as_array().unwrap().len(), 10);
}

#[tokio::test]
async fn what_no_printer_has_letters_for_gives_way_to_the_address() {
    let server = Server::start_with(&["--public-url", "https://feedback.example/"]).await;
    let asked = json!({"slug": "wide", "state": "live", "metric": "nps", "brand": "Дім", "languages": ["uk"],
        "scale": {"min": 0, "max": 10, "polarity": "high_is_good", "look": "numbers"}});
    let made = server.api(Method::POST, "/surveys", Some(&asked)).await;
    assert_eq!(made.status, 201, "{made:?}");
    let page = sheet(&server, Method::GET, "survey=wide&n=1").await;
    assert_eq!(page.codes(), ["https://feedback.example/s/pk_demo/wide?via=qr"]);
    assert_eq!(page.said.concat(), "https://feedback.example/s/pk_demo/wide?via=qr");
}
