//! The catalogue: which body may issue and reissue which certificate, by which layout, under which seal and numbers.
//!
//! In: the text of a `catalogue.toml`, then what a record says. Out: the one certificate and the one issuer that the record is for, or
//! a [`Refusal`].
//! Invariant: what the catalogue does not allow is refused; a record that could be two things is neither.
//!
//! ```toml
//! [[certificate]]
//! kind = "title-senior"                     # a record may name it in a column `kind`
//! when = "level in ['正高级', '副高级']"      # else this chooses, over the record as it was given
//! layout = "../layouts/title-senior.xml"    # relative to the catalogue
//! type_code = "11999999MB00000024001"       # 证照类型代码 of its identifiers
//! reissue = true                            # whether it is reissued at all; false if not said
//! status = "valid"                          # or "cancelled": no longer issued or reissued,
//! instead = "score-proof"                   # and this kind is offered in its place
//!
//! [[issuer]]
//! code = "11999999MB00000011"
//! name = "样例省人力资源和社会保障厅（虚构）"
//! seal = "demo"                             # or the folder of a seal; a unit without one cannot seal
//! other_seals = { approver = "seals/b" }    # for layouts with seals of several roles
//! password_env = "SEAL_PASSWORD_HR"         # where the seal's password stands; never the password itself
//! earlier_signers = ["2024/signer.crt"]     # whose certificates it reissues as its own, after the seal was renewed
//! may_issue = ["title-*"]                   # kinds; a star at the end stands for any ending
//! may_reissue = ["title-senior"]
//! numbering = "YL{year}{serial:06}"         # of certificates whose record brings no number
//! identifier_serial = "{year}{serial:07}"   # the usual one
//! serials = "serials"                       # the file that counts for both; see `serial`
//! begin_serials = true                      # begins that file where it is missing; else it is refused, as mistyped
//! ```

mod error;
mod file;
mod rules;
mod when;

pub use error::{CatalogueError, Fault, Refusal};
pub use file::{Catalogue, CertificateKind, Issuer, KindPattern, Status};
pub use when::{Condition, ConditionError};
