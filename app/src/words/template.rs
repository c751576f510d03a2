//! Sentences with places for what only the moment knows, as data: `{name} is typing`. One that counts has
//! a form for each category of number that its language tells apart, parted by `|`, or one for all.

/// A category of numbers, as CLDR has them (<https://cldr.unicode.org/index/cldr-spec/plural-rules>).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Category {
    Zero,
    One,
    Two,
    Few,
    Many,
    Other,
}

/// Which one a count belongs to in a language.
pub type Rule = fn(u32) -> Category;

impl Category {
    const ALL: [Self; 6] = [Self::Zero, Self::One, Self::Two, Self::Few, Self::Many, Self::Other];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Zero => "zero",
            Self::One => "one",
            Self::Two => "two",
            Self::Few => "few",
            Self::Many => "many",
            Self::Other => "other",
        }
    }

    /// By the name that `Intl.PluralRules` gives it too.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|category| category.as_str() == name)
    }
}

/// Parts forms, and the names of days and months.
const PARTED: char = '|';

/// The one at this place.
pub(super) fn nth(list: &'static str, at: usize) -> &'static str {
    list.split(PARTED).nth(at).unwrap_or_default()
}

/// What is put into a place.
#[derive(Clone, Copy)]
pub(super) enum Put<'a> {
    /// What somebody wrote, in whatever script: it keeps its own direction (UAX #9, 2.2).
    Name(&'a str),
    /// What looks the same whatever stands around it: a word of this language, a time, a code.
    Word(&'a str),
    Number(u32),
    /// A number that chooses the form of the sentence.
    Count(u32),
}

/// `forms` are the categories of the language, in the order of a template's forms.
pub(super) fn fill(template: &str, forms: &str, rule: Rule, puts: &[(&str, Put<'_>)]) -> String {
    let count = puts.iter().find_map(|(_, put)| match put {
        Put::Count(count) => Some(*count),
        Put::Name(_) | Put::Word(_) | Put::Number(_) => None,
    });
    let form = count.and_then(|count| {
        let category = rule(count).as_str();
        let at = forms.split(PARTED).position(|form| form == category)?;
        template.split(PARTED).nth(at)
    });
    let mut rest = form.or(template.split(PARTED).next_back()).unwrap_or_default();
    let mut said = String::with_capacity(rest.len());
    while let Some((before, after)) = rest.split_once('{') {
        let (place, after) = after.split_once('}').unwrap_or((after, ""));
        said.push_str(before);
        match puts.iter().find(|(name, _)| *name == place) {
            Some((_, Put::Name(name))) => {
                said.push('\u{2068}');
                said.push_str(name);
                said.push('\u{2069}');
            }
            Some((_, Put::Word(word))) => said.push_str(word),
            Some((_, Put::Number(number) | Put::Count(number))) => {
                said.push_str(&number.to_string());
            }
            // A test knows each template's places.
            None => {}
        }
        rest = after;
    }
    said.push_str(rest);
    said
}

/// The type of what a place is given.
macro_rules! given {
    (Name) => {
        &str
    };
    (Word) => {
        &str
    };
    (Number) => {
        u32
    };
    (Count) => {
        u32
    };
}

/// A part of a catalogue: texts, and sentences, of which each is a field with its template and a method
/// that fills its places in. A language that lacks one does not compile, nor a sentence that is given
/// something else than it says here.
macro_rules! words {
    (
        $(#[$about:meta])*
        $part:ident {
            $($(#[$own_doc:meta])* $own:ident: $kind:ty,)*
        }
        texts { $($(#[$text_doc:meta])* $text:ident,)+ }
        sentences { $($(#[$doc:meta])* $sentence:ident($($place:ident: $put:ident),+),)+ }
    ) => {
        $(#[$about])*
        pub struct $part {
            $($(#[$own_doc])* pub $own: $kind,)*
            $($(#[$text_doc])* pub $text: &'static str,)+
            $(pub(super) $sentence: &'static str,)+
        }

        impl $part {
            $(
                $(#[$doc])*
                pub fn $sentence(&self, $($place: given!($put)),+) -> String {
                    self.fill(self.$sentence, &[$((stringify!($place), Put::$put($place))),+])
                }
            )+
        }

        impl $part {
            pub const TEXTS: usize = [$(stringify!($text),)+ $(stringify!($sentence),)+].len();

            /// Its texts and templates in one order.
            pub fn all(&self) -> [&'static str; Self::TEXTS] {
                [$(self.$text,)+ $(self.$sentence,)+]
            }

            /// From what `all` gave.
            pub fn of($($own: $kind,)* all: [&'static str; Self::TEXTS]) -> Self {
                let [$($text,)+ $($sentence,)+] = all;
                Self { $($own,)* $($text,)+ $($sentence,)+ }
            }

            /// The sentences, each with its name, its template and its places.
            #[cfg(test)]
            pub(super) fn sentences(&self) -> Vec<super::tests::Sentence> {
                vec![$((
                    stringify!($sentence),
                    self.$sentence,
                    vec![$((stringify!($place), stringify!($put))),+],
                )),+]
            }
        }
    };
}

pub(super) use {given, words};
