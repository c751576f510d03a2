//! Chance that can be repeated: the same seed gives the same numbers. (SplitMix64, by S. Vigna.)

#[derive(Clone, Debug)]
pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Another one for whoever is called this, so that what one draws does not move the other.
    pub fn of(&self, name: &str) -> Self {
        let hash = |sum: u64, byte| (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        let mut chance = Self(name.bytes().fold(self.0 ^ 0xcbf2_9ce4_8422_2325, hash));
        chance.next();
        chance
    }

    /// From 0 to below 1.
    pub fn unit(&mut self) -> f64 {
        f64::from(u32::try_from(self.next() >> 32).unwrap_or_default()) / 4_294_967_296.0
    }

    /// One of `range`, which must not be empty.
    pub fn within(&mut self, range: std::ops::Range<usize>) -> usize {
        let width = range.len().max(1) as u64;
        range.start + usize::try_from(self.next() % width).unwrap_or_default()
    }

    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        if of.is_empty() { None } else { of.get(self.within(0..of.len())) }
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_repeats_itself_and_names_part() {
        let draw = |seed: u64, name: &str| {
            let mut chance = Chance::new(seed).of(name);
            (0..8).map(|_| chance.within(0..1000)).collect::<Vec<_>>()
        };
        assert_eq!(draw(1, "kill"), draw(1, "kill"));
        assert_ne!(draw(1, "kill"), draw(2, "kill"));
        assert_ne!(draw(1, "kill"), draw(1, "stop"));
        let mut chance = Chance::new(7);
        assert!((0..1000).all(|_| (3..9).contains(&chance.within(3..9))));
        assert!((0..1000).all(|_| (0.0..1.0).contains(&chance.unit())));
    }
}
