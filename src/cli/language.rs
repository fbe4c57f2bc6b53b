//! The two languages of what people read.

use std::env;

use clap::ValueEnum;

/// The language of what people read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Language {
    /// Chinese.
    Zh,
    /// English.
    En,
}

impl Language {
    /// What the environment asks for (LC_ALL, LC_MESSAGES, LANG); English if it says nothing.
    pub(crate) fn of_environment() -> Language {
        let said =
            ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().filter_map(env::var_os).find(|v| !v.is_empty());
        match said {
            Some(locale) if locale.to_string_lossy().starts_with("zh") => Language::Zh,
            _ => Language::En,
        }
    }

    /// The word of this language.
    pub(crate) fn pick<'t>(self, zh: &'t str, en: &'t str) -> &'t str {
        match self {
            Language::Zh => zh,
            Language::En => en,
        }
    }
}
