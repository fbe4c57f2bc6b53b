//! The tree of groups to a list of painted paths.
//!
//! In: groups with opacities as `usvg` resolves them. Out: paths in painting order, each with the opacity of what is around it;
//! or what the page cannot hold.

use crate::template::value::MAX_MM;

/// The painted paths below a group, in painting order.
pub(super) struct Flat {
    pub(super) items: Vec<(usvg::Path, f64)>,
    pub(super) segments: usize,
    pub(super) trouble: Vec<String>,
}

impl Flat {
    pub(super) fn group(&mut self, group: &usvg::Group, opacity: f64) {
        let mut refuse = |holds: bool, what: &str| {
            if holds {
                self.trouble.push(format!("SVG {what} not supported"));
            }
        };
        refuse(group.clip_path().is_some(), "clipping is");
        refuse(group.mask().is_some(), "masks are");
        refuse(!group.filters().is_empty(), "filters are");
        refuse(group.blend_mode() != usvg::BlendMode::Normal, "blend modes are");
        // Each path fades by itself, which is the same only where at most one of them paints.
        let fades = f64::from(group.opacity().get()) < 1.0;
        refuse(fades && paints(group) > 1, "opacity of a group, or of a fill with its stroke, is");
        let opacity = opacity * f64::from(group.opacity().get());
        for node in group.children() {
            match node {
                usvg::Node::Group(inner) => self.group(inner, opacity),
                usvg::Node::Path(path) if path.is_visible() => self.path(path, opacity),
                usvg::Node::Path(_) => {}
                usvg::Node::Image(_) => self.trouble.push("SVG images are not supported".to_owned()),
                usvg::Node::Text(_) => self.trouble.push("SVG text is not supported".to_owned()),
            }
        }
    }

    fn path(&mut self, path: &usvg::Path, opacity: f64) {
        let paints = [path.fill().map(usvg::Fill::paint), path.stroke().map(usvg::Stroke::paint)];
        if paints.into_iter().flatten().any(|p| !matches!(p, usvg::Paint::Color(_))) {
            self.trouble.push("SVG gradients and patterns are not supported".to_owned());
        }
        if path.stroke().is_some_and(|s| s.dasharray().is_some() && s.dashoffset() != 0.0) {
            self.trouble.push("SVG dash offsets are not supported".to_owned());
        }
        let bounds = path.abs_stroke_bounding_box();
        let edges = [bounds.left(), bounds.top(), bounds.right(), bounds.bottom()];
        if !edges.iter().all(|edge| f64::from(edge.abs()) * super::MM_PER_PX <= MAX_MM) {
            self.trouble.push("the art reaches beyond any page".to_owned());
            return;
        }
        self.segments += path.data().segments().count();
        if self.segments <= super::MAX_SEGMENTS {
            self.items.push((path.clone(), opacity));
        }
    }
}

/// How many fills and strokes a group paints.
fn paints(group: &usvg::Group) -> usize {
    let count = |node: &usvg::Node| match node {
        usvg::Node::Group(inner) => paints(inner),
        usvg::Node::Path(path) => usize::from(path.fill().is_some()) + usize::from(path.stroke().is_some()),
        usvg::Node::Image(_) | usvg::Node::Text(_) => 1,
    };
    group.children().iter().map(count).sum()
}
