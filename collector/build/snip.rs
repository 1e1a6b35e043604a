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
use walrus::{
    Data, DataId, Export, ExportItem, FunctionBuilder, FunctionId, FunctionKind, LocalFunction, Module,
};

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

/// How the places of panics in the standard library and in packages begin.
const PATH_STARTS: [&str; 3] = ["/rustc/", "/rust/deps/", super::widget::CARGO_HOME];

/// Longer than any of them.
const PATH_BYTES_MAX: usize = 200;

/// What panics say, and the digits they say it with.
const MESSAGES: [&str; 18] = [
    "called `Option::unwrap_throw()` on a `None` value",
    "called `Result::unwrap_throw()` on an `Err` value",
    "called `Option::unwrap()` on a `None` value",
    "closure invoked recursively or after being dropped",
    "recursive use of an object detected which would lead to unsafe aliasing in rust",
    "Attempted to initialize thread-local while it is being dropped",
    "LazyCell instance has previously been poisoned",
    "RefCell already mutably borrowed",
    "RefCell already borrowed",
    "FnOnce called more than once",
    "cannot access a Thread Local Storage value during or after destruction: ",
    "swap_remove index (is ",
    ") should be < len (is ",
    "internal error: entered unreachable code",
    "Tried to shrink to a larger capacity",
    "AccessError",
    "capacity overflow",
    "0001020304050607080910111213141516171819202122232425262728293031323334353637383940414243444546474849\
     5051525354555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899",
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
    let exported: HashSet<FunctionId> = module.exports.iter().filter_map(exported_function).collect();
    let called = called(module);
    // Entries for closures are called by JavaScript, through an export; the others have no caller at all.
    let entries = named(module, is_closure_entry);
    trap(module, &entries.into_iter().filter(|id| !exported.contains(id) && !called.contains(id)).collect());
    let unused = named(module, is_unused);
    if let Some(caller) = caller_of(module, &unused) {
        return Err(format!("{caller} formats text or awaits: the widget must not (see widget/src/lib.rs)"));
    }
    trap(module, &unused);
    walrus::passes::gc::run(module);
    let parts: Vec<DataId> = module.data.iter().map(Data::id).collect();
    for part in parts {
        blank_messages(&mut module.data.get_mut(part).value);
    }
    Ok(())
}

/// Places in source files and the table behind decimal formatting: nobody reads them any more.
///
/// They are found by what they say, so nothing else is touched; runs of zeros compress to nothing.
fn blank_messages(data: &mut [u8]) {
    let mut at = 0;
    while let Some(rest) = data.get_mut(at..) {
        let path = PATH_STARTS.iter().any(|start| rest.starts_with(start.as_bytes()));
        let length = if path {
            rest.windows(3).take(PATH_BYTES_MAX).position(|end| end == b".rs").map_or(0, |end| end + 3)
        } else {
            MESSAGES
                .iter()
                .find(|message| rest.starts_with(message.as_bytes()))
                .map_or(0, |found| found.len())
        };
        rest.iter_mut().take(length).for_each(|byte| *byte = 0);
        if rest.is_empty() {
            break;
        }
        at += length.max(1);
    }
}

fn exported_function(export: &Export) -> Option<FunctionId> {
    match export.item {
        ExportItem::Function(function) => Some(function),
        _ => None,
    }
}

/// wasm-bindgen makes an entry for closures of every web API it knows.
fn is_closure_entry(name: &str) -> bool {
    name.starts_with("wasm_bindgen::convert::closures::_::invoke")
}

/// What only tables still refer to: implementations of the formatting traits and what they are made of,
/// and the executor of `js_sys`.
fn is_unused(name: &str) -> bool {
    name.contains("core::fmt::")
        || name.ends_with("::fmt")
        || name.contains("Payload")
        || name.contains("js_sys::futures::")
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
    let mut others = module.funcs.iter_local().filter(|(id, _)| !targets.contains(id));
    let (caller, _) = others.find(|(_, function)| !calls_of(function).is_disjoint(targets))?;
    Some(module.funcs.get(caller).name.clone().unwrap_or_default())
}

/// Every function that some function calls.
fn called(module: &Module) -> HashSet<FunctionId> {
    module.funcs.iter_local().flat_map(|(_, function)| calls_of(function)).collect()
}

fn calls_of(function: &LocalFunction) -> HashSet<FunctionId> {
    #[derive(Default)]
    struct Calls(HashSet<FunctionId>);
    impl Visitor<'_> for Calls {
        fn visit_call(&mut self, call: &Call) {
            self.0.insert(call.func);
        }
    }
    let mut calls = Calls::default();
    dfs_in_order(&mut calls, function, function.entry_block());
    calls.0
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
