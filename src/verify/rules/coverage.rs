//! What no signature covers was never sealed, whoever put it there.

use crate::verify::rule::{Aspect, Rule};

pub(in crate::verify) static RULE: Rule = Rule {
    id: "ofd.coverage",
    clause: "GB/T 33190-2016, 18.2.2",
    fact: Aspect::Coverage,
    zh: "文件的每一部分都在签章的保护之下",
    en: "every part of the file is under the seal",
};
