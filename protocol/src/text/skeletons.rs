//! Which names are taken for each other.

/// What a name looks like (skeletons of UTS #39, 4; spaces do not count): as it is written, in small letters and in
/// capitals. All three, because letters that look alike mostly do so in one of them alone: `l` and `I` as they are
/// written, `н` and `H` in capitals. And case makes no other name.
///
/// Kept beside the names. Whoever changes how they are made, or their tables, makes them anew in every database.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Skeletons {
    pub as_written: String,
    pub small: String,
    pub capitals: String,
}

impl Skeletons {
    pub fn of(name: &str) -> Self {
        let chars = || name.chars().filter(|c| !c.is_whitespace());
        let small = skeleton(&chars().flat_map(char::to_lowercase).collect::<String>());
        Self {
            as_written: skeleton(&chars().collect::<String>()),
            // A zero looks like a capital O.
            small: small.chars().flat_map(char::to_lowercase).collect(),
            capitals: skeleton(&chars().flat_map(char::to_uppercase).collect::<String>()),
        }
    }

    /// Of no name.
    pub fn is_empty(&self) -> bool {
        self.each() == [""; 3]
    }

    /// In one order.
    pub fn each(&self) -> [&str; 3] {
        [&self.as_written, &self.small, &self.capitals]
    }

    /// How many of the three they share: the more, the more alike. With one, each is taken for the other.
    pub fn shared(&self, other: &Self) -> usize {
        self.each().iter().zip(other.each()).filter(|(one, other)| *one == other).count()
    }

    pub fn are_alike(&self, other: &Self) -> bool {
        self.shared(other) > 0
    }
}

fn skeleton(text: &str) -> String {
    unicode_security::skeleton(text).collect()
}
