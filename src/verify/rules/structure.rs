//! XML without a document type, and the structure that the standard describes.

use crate::verify::rule::{Aspect, Rule};

pub(in crate::verify) static RULE: Rule = Rule {
    id: "ofd.structure",
    clause: "GB/T 33190-2016, 7",
    fact: Aspect::Form,
    zh: "各部分是规范的XML，结构完整，只有一种读法",
    en: "its parts are the XML that the standard describes, complete, and read in one way only",
};
