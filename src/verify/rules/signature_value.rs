//! The mathematics of the signature, over the bytes as they were read.

use crate::verify::rule::{Aspect, Rule};

pub(in crate::verify) static RULE: Rule = Rule {
    id: "signature.value",
    clause: "GB/T 32918.2-2016, 7; GM/T 0009",
    fact: Aspect::Signature,
    zh: "签名由证书所对应的密钥作出",
    en: "the signature was made by the certificate's key",
};
