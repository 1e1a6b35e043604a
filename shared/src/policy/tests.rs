use super::*;

const COLLECTOR: &str = "https://feedback.example";
const SHOP: &str = "https://shop.example/products/scarpe";

/// What a policy says to script, wasm, connect and frame: `+` allowed, `n` nonce, `-` missing.
fn outcomes(policy: &str) -> String {
    let report = examine(policy, SHOP, COLLECTOR);
    let policies = report.policies.iter().map(|policy| {
        let letter = |finding: &Finding| match finding.outcome {
            Outcome::Allowed => '+',
            Outcome::Nonce => 'n',
            Outcome::Missing => '-',
        };
        policy.findings.iter().map(letter).collect::<String>()
    });
    policies.collect::<Vec<_>>().join(" ")
}

#[test]
fn each_need_is_decided_by_the_nearest_directive() {
    for (policy, expected) in [
        // Nothing restricts.
        ("", ""),
        ("   \n ; ;", ""),
        ("img-src 'self'", "++++"),
        ("upgrade-insecure-requests; require-trusted-types-for 'script'", "++++"),
        // default-src stands in for all.
        ("default-src 'self'", "----"),
        ("default-src 'none'", "----"),
        ("default-src", "----"),
        ("default-src *", "+-++"),
        ("default-src https:", "+-++"),
        ("default-src 'self' https://feedback.example 'wasm-unsafe-eval'", "++++"),
        ("DEFAULT-SRC 'SELF' HTTPS://FEEDBACK.EXAMPLE 'Wasm-Unsafe-Eval'", "++++"),
        // But not where one of their own speaks.
        ("default-src *; script-src 'self'", "--++"),
        ("default-src 'none'; script-src https://feedback.example 'wasm-unsafe-eval'", "++--"),
        ("default-src 'none'; connect-src https://feedback.example", "--+-"),
        ("default-src 'none'; child-src https://feedback.example", "---+"),
        ("child-src https://feedback.example; frame-src 'none'", "+++-"),
        ("script-src-elem https://feedback.example; script-src 'self'", "+-++"),
        ("script-src-elem 'self'; script-src https://feedback.example 'unsafe-eval'", "-+++"),
        // The first of a name counts.
        ("script-src 'self'; script-src * 'unsafe-eval'", "--++"),
        // Nonces and trust that is passed on.
        ("script-src 'nonce-r4nd0m' 'wasm-unsafe-eval'", "n+++"),
        ("script-src 'nonce-r4nd0m' https://feedback.example", "+-++"),
        ("script-src 'nonce-r4nd0m' 'strict-dynamic' https:", "n-++"),
        ("script-src 'sha256-abc=' 'strict-dynamic' https://feedback.example", "n-++"),
        ("script-src 'sha256-abc='", "--++"),
        // Several policies, in one header or in several.
        ("default-src *, script-src 'self' 'unsafe-eval'", "+-++ -+++"),
        (
            "HTTP/2 200\ncontent-type: text/html\ncontent-security-policy: script-src *\nContent-Security-Policy: connect-src *",
            "+-++ ++++",
        ),
        ("Content-Security-Policy-Report-Only: default-src 'none'", ""),
        // A page's own element.
        (
            "<META http-equiv=\"Content-Security-Policy\"\n content=\"script-src 'self'\"><meta charset=utf-8>",
            "--++",
        ),
        ("<meta content='connect-src *' http-equiv='content-security-policy'>", "++++"),
        ("<meta name=\"description\" content=\"x\">", ""),
        // Lines without a header's name are one policy.
        ("default-src 'self';\n  script-src https://feedback.example:443\n  'wasm-unsafe-eval'", "++--"),
    ] {
        assert_eq!(outcomes(policy), expected, "{policy}");
    }
    assert!(examine("content-security-policy-report-only: a", "", COLLECTOR).has_report_only);
}

#[test]
fn sources_match_addresses_as_browsers_match_them() {
    for (source, page, collector, expected) in [
        ("*", SHOP, COLLECTOR, true),
        ("https:", SHOP, COLLECTOR, true),
        ("http:", SHOP, COLLECTOR, true),
        ("https:", SHOP, "http://feedback.example", false),
        ("wss:", SHOP, COLLECTOR, true),
        ("data:", SHOP, COLLECTOR, false),
        ("blob:", SHOP, COLLECTOR, false),
        // 'self' is the page's origin, and its encrypted form.
        ("'self'", "https://feedback.example/x", COLLECTOR, true),
        ("'self'", "http://feedback.example/x", COLLECTOR, true),
        ("'self'", "https://feedback.example/x", "https://feedback.example:8443", false),
        ("'self'", "https://feedback.example/x", "http://feedback.example", false),
        ("'self'", "http://localhost:3000/", "http://localhost:8080", false),
        ("'self'", SHOP, COLLECTOR, false),
        ("'self'", "", COLLECTOR, false),
        // Hosts.
        ("feedback.example", SHOP, COLLECTOR, true),
        ("FEEDBACK.example", SHOP, COLLECTOR, true),
        ("feedback.example", "http://shop.example", "https://feedback.example", true),
        ("feedback.example", SHOP, "http://feedback.example", false),
        ("https://feedback.example", SHOP, COLLECTOR, true),
        ("http://feedback.example", SHOP, COLLECTOR, true),
        ("https://feedback.example", SHOP, "http://feedback.example", false),
        ("shop.example", SHOP, COLLECTOR, false),
        ("*.example", SHOP, COLLECTOR, true),
        ("*.feedback.example", SHOP, COLLECTOR, false),
        ("*.feedback.example", SHOP, "https://eu.feedback.example", true),
        ("*.feedback.example", SHOP, "https://evilfeedback.example", false),
        ("*feedback.example", SHOP, COLLECTOR, false),
        ("https://*", SHOP, COLLECTOR, true),
        ("https://*:*", SHOP, "https://feedback.example:8443", true),
        // Ports.
        ("https://feedback.example:443", SHOP, COLLECTOR, true),
        ("http://feedback.example:80", SHOP, COLLECTOR, true),
        ("https://feedback.example:8443", SHOP, COLLECTOR, false),
        ("https://feedback.example", SHOP, "https://feedback.example:8443", false),
        ("https://feedback.example:*", SHOP, "https://feedback.example:8443", true),
        ("localhost:8080", "http://localhost:3000", "http://localhost:8080", true),
        ("http://[::1]:8080", "http://localhost:3000", "http://[::1]:8080", true),
        ("http://[::1]", "http://localhost:3000", "http://[::1]:8080", false),
        // Paths: all that is asked for must be below.
        ("https://feedback.example/", SHOP, COLLECTOR, true),
        ("https://feedback.example/v1/", SHOP, COLLECTOR, false),
        ("https://feedback.example/v1/pk_site.js", SHOP, COLLECTOR, false),
    ] {
        let report = examine(&["script-src ", source].concat(), page, collector);
        let is_allowed = report.policies[0].findings[0].outcome == Outcome::Allowed;
        assert_eq!(is_allowed, expected, "{source} on {page} for {collector}");
    }
    let both =
        examine("script-src https://feedback.example/v1/ https://feedback.example/assets/", SHOP, COLLECTOR);
    assert_eq!(both.policies[0].findings[0].outcome, Outcome::Allowed);
}

#[test]
fn what_is_missing_is_added_where_it_counts() {
    for (policy, mended, framed) in [
        ("img-src 'self'", None, None),
        (
            "default-src 'self'",
            Some(
                "default-src 'self'; script-src 'self' https://feedback.example 'wasm-unsafe-eval'; \
                 connect-src 'self' https://feedback.example",
            ),
            Some(
                "default-src 'self'; script-src 'self' https://feedback.example; \
                 connect-src 'self' https://feedback.example; frame-src 'self' https://feedback.example",
            ),
        ),
        (
            "script-src 'none';connect-src  *",
            Some("script-src https://feedback.example 'wasm-unsafe-eval'; connect-src *"),
            Some("script-src https://feedback.example; connect-src *"),
        ),
        (
            "script-src-elem 'self'; default-src 'none'; connect-src *; child-src 'none'",
            Some(
                "script-src-elem 'self' https://feedback.example; default-src 'none'; connect-src *; \
                 child-src 'none'; script-src 'wasm-unsafe-eval'",
            ),
            Some(
                "script-src-elem 'self' https://feedback.example; default-src 'none'; connect-src *; \
                 child-src https://feedback.example",
            ),
        ),
        (
            "script-src 'nonce-a' 'strict-dynamic'",
            Some("script-src 'nonce-a' 'strict-dynamic' 'wasm-unsafe-eval'"),
            Some("script-src 'nonce-a' 'strict-dynamic'"),
        ),
    ] {
        let report = examine(policy, SHOP, COLLECTOR);
        let examined = &report.policies[0];
        assert_eq!((examined.mended.as_deref(), examined.framed.as_deref()), (mended, framed), "{policy}");
        assert_eq!(report.lets_in(), mended.is_none(), "{policy}");
        if let Some(mended) = mended {
            assert!(examine(mended, SHOP, COLLECTOR).lets_in(), "a mended policy is in order: {mended}");
        }
    }
}

#[test]
fn nonsense_breaks_nothing() {
    for text in [
        "<meta",
        "<meta content=",
        "<meta content-security-policy content=>",
        ":",
        ",",
        "é;ß 'nonceé",
        "a://",
        "💥",
    ] {
        for page in ["", "nonsense", "https://", "https://shop.example:99999/"] {
            examine(text, page, COLLECTOR);
        }
    }
    assert_eq!(outcomes("script-src é 'nonceé x://"), "--++");
}
