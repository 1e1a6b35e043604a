//! Tells when half of the prompt is in view.

use js_sys::Array;
use wasm_bindgen::prelude::{Closure, wasm_bindgen};
use wasm_bindgen::{JsCast as _, JsValue};

use super::Event;
use crate::answer::{Field, js};
use crate::dom::Node;
use crate::session;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = IntersectionObserver)]
    type Observer;
    #[wasm_bindgen(constructor, js_class = "IntersectionObserver")]
    fn new(tell: &JsValue, init: &JsValue) -> Observer;
    #[wasm_bindgen(method)]
    fn observe(this: &Observer, node: &Node);
    #[wasm_bindgen(method)]
    fn disconnect(this: &Observer);

    type Sighting;
    #[wasm_bindgen(method, getter, js_name = isIntersecting)]
    fn is_intersecting(this: &Sighting) -> bool;
}

/// Watches a prompt; dropping it ends that.
pub(super) struct Sight {
    observer: Observer,
    _tell: Closure<dyn FnMut(JsValue)>,
}

impl Sight {
    pub(super) fn new(host: &Node) -> Self {
        let tell = Closure::<dyn FnMut(JsValue)>::new(|sightings: JsValue| {
            if sightings.unchecked_into::<Array>().pop().unchecked_into::<Sighting>().is_intersecting() {
                session::act(Event::Seen);
            }
        });
        let observer = Observer::new(tell.as_ref(), &js(&[("threshold", Field::Number(0.5))]));
        observer.observe(host);
        Self { observer, _tell: tell }
    }
}

impl Drop for Sight {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}
