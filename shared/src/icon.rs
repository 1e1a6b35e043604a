//! Our own line drawings of points: one path each on a grid of 24, the same in the prompt and on the hosted page.

use crate::survey::{Look, Scale};

const STAR: &str = "M12 3.4l2.6 5.4 5.9.8-4.3 4.1 1.1 5.9-5.3-2.9-5.3 2.9 1.1-5.9-4.3-4.1 5.9-.8z";

const THUMB: &str = "M7.5 10.5v9.5H4v-9.5zm0 .3 3.7-7.3c1.6 0 2.5 1 2.5 2.5v3.2h4.7c1.3 0 2.2 1.2 1.9 2.4l-1.6 6.8c-.2 1-1 1.6-2 1.6H7.5";

/// Outline and eyes of every face.
const HEAD: &str = "M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0zM9 9.3v.7M15 9.3v.7";

/// From displeased to pleased.
const MOUTHS: [&str; 5] = [
    "M8 16.4c.9-1.9 2.2-2.8 4-2.8s3.1.9 4 2.8",
    "M8.5 15.7c.9-.9 2-1.3 3.5-1.3s2.6.4 3.5 1.3",
    "M8.5 15h7",
    "M8.5 14.3c.9.9 2 1.3 3.5 1.3s2.6-.4 3.5-1.3",
    "M8 13.6c.9 1.9 2.2 2.8 4 2.8s3.1-.9 4-2.8",
];

/// The two parts of the path for a point of a scale, lowest point first.
pub fn path(scale: &Scale, index: usize) -> [&'static str; 2] {
    match scale.look {
        Look::Numbers => ["", ""],
        Look::Stars => [STAR, ""],
        // The stylesheet turns the first one over.
        Look::Thumbs => [THUMB, ""],
        Look::Faces => {
            let step = if scale.points() == 3 { 2 } else { 1 };
            [HEAD, MOUTHS.get(index * step).copied().unwrap_or_default()]
        }
    }
}
