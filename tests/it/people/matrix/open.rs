//! Paths that are open to everybody.

/// Open to everybody, and nothing in their path to fill in.
pub(super) const OPEN: [&str; 7] = [
    "/healthz",
    "/demo",
    "/accessibility",
    "/csp-check",
    "/assets/inventory.json",
    "/assets/parere.d.ts",
    "/dashboard/api",
];
