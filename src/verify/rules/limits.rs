//! What a file may ask for, in entries, bytes, depth, nodes and pixels.

use crate::verify::rule::{Aspect, Rule};

pub(in crate::verify) static RULE: Rule = Rule {
    id: "file.limits",
    clause: "GB/T 33190-2016, 6",
    fact: Aspect::Form,
    zh: "文件的规模在可核验的范围之内",
    en: "the file asks for no more than verification gives",
};
