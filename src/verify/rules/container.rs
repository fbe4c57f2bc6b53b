//! The ZIP around the parts: one meaning for every reader.

use crate::verify::rule::{Aspect, Rule};

pub(in crate::verify) static RULE: Rule = Rule {
    id: "ofd.container",
    clause: "GB/T 33190-2016, 6; APPNOTE.TXT 6.3.10, 4.3 and 4.4",
    fact: Aspect::Form,
    zh: "压缩包结构严整，任何软件打开都是同样的内容",
    en: "the container is sound: every program finds the same parts in it",
};
