//! The check of a shop's policy, as a merchant uses it.

use crate::server::Server;

async fn check(server: &Server, policy: &str, page: &str) -> String {
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("policy", policy)
        .append_pair("page", page)
        .finish();
    let reply = server.get(&format!("/csp-check?{query}")).await;
    assert_eq!(reply.status, 200, "{policy}: {reply:?}");
    assert!(reply.header("content-security-policy").starts_with("default-src 'none'; style-src 'self'; "));
    assert_eq!(reply.header("referrer-policy"), "no-referrer");
    assert!(!reply.text().contains("<script"), "works with none");
    reply.text().to_owned()
}

#[tokio::test]
async fn a_policy_is_read_and_mended() {
    let server = Server::start_with(&["--public-url", "https://feedback.example"]).await;
    for (policy, says) in [
        ("", "Paste the shop’s policy"),
        (";;", "There is no policy in this text"),
        ("Content-Security-Policy-Report-Only: default-src 'none'", "This policy only reports"),
        ("img-src *", "The question may be asked"),
        ("default-src 'self'", "Something is missing"),
        ("default-src 'self'", "missing: <code>&#39;wasm-unsafe-eval&#39;</code>"),
        (
            "default-src 'self'",
            "Content-Security-Policy: default-src &#39;self&#39;; script-src &#39;self&#39; https://feedback.example \
             &#39;wasm-unsafe-eval&#39;; connect-src &#39;self&#39; https://feedback.example</code>",
        ),
        ("default-src 'self'", "frame-src &#39;self&#39; https://feedback.example</code>"),
        ("script-src 'nonce-x' 'wasm-unsafe-eval'", "The policy goes by nonces"),
        ("default-src *, script-src 'none'", "There are 2 policies"),
    ] {
        let page = check(&server, policy, "https://shop.example/").await;
        assert!(page.contains(says), "{policy}: {says}\n{page}");
    }
    let page = check(&server, "</textarea><script>alert(1)</script>", "\"><script>").await;
    assert!(page.contains("alert(1)"), "what was pasted is shown, as text");
    let long = check(&server, &"x".repeat(8_193), "").await;
    assert!(long.contains("more than 8,192 characters") && !long.contains("id=\"result\""));
}
