//! Cuts the panic machinery out of the wasm.
//!
//! The widget is compiled with `panic = "abort"`: a panic traps, and `widget/src/guard.js` deals with the trap.
//! All that happens before the trap is that a message is put together for which there is no reader,
//! and that is a third of the bytes. So every function that only ever ends in a panic becomes the trap itself.
//! (On a nightly compiler `-Zbuild-std` with `panic=immediate-abort` does the same.)
//!
//! With the messages gone nothing formats text any more; what is left of `core::fmt` is referred to by tables only.
//! That this is so is checked, not hoped: a direct call from elsewhere fails the build.

use std::collections::HashSet;

use walrus::ir::{Call, Visitor, dfs_in_order};
use walrus::{FunctionBuilder, FunctionId, FunctionKind, Module};

/// Functions that never return; parts of their names without hashes.
const DIVERGING: [&str; 15] = [
    "core::panicking::",
    "core::cell::panic_already",
    "core::option::unwrap_failed",
    "core::option::expect_failed",
    "core::result::unwrap_failed",
    "core::slice::index::slice_index_fail",
    "core::slice::copy_from_slice_impl::len_mismatch_fail",
    "core::str::slice_error_fail",
    "alloc::alloc::handle_alloc_error",
    "alloc::raw_vec::handle_error",
    "alloc::raw_vec::capacity_overflow",
    "std::alloc::rust_oom",
    "std::panicking::panic_with_hook",
    "std::panicking::panic_handler",
    "std::thread::local::panic_access_error",
];

/// Replaces the panic machinery by traps and removes what is then unused.
pub(super) fn panics(module: &mut Module) -> Result<(), String> {
    let diverging = named(module, |name| DIVERGING.iter().any(|part| name.contains(part)));
    // A compiler that names these things otherwise would bring the machinery back in silence.
    if diverging.len() < 5 {
        return Err("the panic machinery was not recognised: has the compiler renamed it?".into());
    }
    trap(module, &diverging);
    walrus::passes::gc::run(module);
    let formatting = named(module, is_formatting);
    if let Some(caller) = caller_of(module, &formatting) {
        return Err(format!("{caller} formats text: the widget must not (see widget/src/lib.rs)"));
    }
    trap(module, &formatting);
    walrus::passes::gc::run(module);
    Ok(())
}

/// Implementations of the formatting traits, and what they are made of.
fn is_formatting(name: &str) -> bool {
    name.contains("core::fmt::") || name.ends_with("::fmt") || name.contains("Payload")
}

fn named(module: &Module, is_wanted: impl Fn(&str) -> bool) -> HashSet<FunctionId> {
    let local = module.funcs.iter().filter(|function| matches!(function.kind, FunctionKind::Local(_)));
    local
        .filter(|function| function.name.as_deref().is_some_and(|name| is_wanted(&plain(name))))
        .map(walrus::Function::id)
        .collect()
}

/// `core[c5930c85a12de822]::fmt::write` and `core::fmt::write::h66f68b791b07d092` without the hashes.
fn plain(name: &str) -> String {
    let is_hash = |text: &str| text.len() == 16 && text.bytes().all(|b| b.is_ascii_hexdigit());
    let mut plain = String::new();
    for (i, part) in name.split('[').enumerate() {
        match part.split_once(']') {
            Some((hash, rest)) if i > 0 && is_hash(hash) => plain.push_str(rest),
            _ if i > 0 => plain.extend(["[", part]),
            _ => plain.push_str(part),
        }
    }
    match plain.rsplit_once("::h") {
        Some((start, hash)) if is_hash(hash) => start.to_owned(),
        _ => plain,
    }
}

/// A function outside `targets` that calls one of them.
fn caller_of(module: &Module, targets: &HashSet<FunctionId>) -> Option<String> {
    struct Calls<'a> {
        targets: &'a HashSet<FunctionId>,
        found: bool,
    }
    impl Visitor<'_> for Calls<'_> {
        fn visit_call(&mut self, call: &Call) {
            self.found |= self.targets.contains(&call.func);
        }
    }
    module.funcs.iter_local().filter(|(id, _)| !targets.contains(id)).find_map(|(id, function)| {
        let mut calls = Calls { targets, found: false };
        dfs_in_order(&mut calls, function, function.entry_block());
        calls.found.then(|| module.funcs.get(id).name.clone().unwrap_or_default())
    })
}

fn trap(module: &mut Module, functions: &HashSet<FunctionId>) {
    for &id in functions {
        let (params, results) = module.types.params_results(module.funcs.get(id).ty());
        let (params, results) = (params.to_vec(), results.to_vec());
        let mut builder = FunctionBuilder::new(&mut module.types, &params, &results);
        builder.func_body().unreachable();
        let arguments = params.iter().map(|&param| module.locals.add(param)).collect();
        module.funcs.get_mut(id).kind = FunctionKind::Local(builder.local_func(arguments));
    }
}
