//! SPDX licence expressions: may we build on this?
//!
//! `A OR B` needs one that we may use, `A AND B` needs both. The old `A/B` means `OR`.

/// Licences that go together with Apache-2.0 in a binary that we give away.
pub const ALLOWED: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "BlueOak-1.0.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "OpenSSL",
    "Python-2.0",
    "Unicode-3.0",
    "Unicode-DFS-2016",
    "Unlicense",
    "Zlib",
];

/// Whether the expression can be fulfilled with allowed licences alone.
pub fn allowed(expression: &str) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut reader = Reader { words: &words, at: 0, broken: false };
    let fine = reader.either();
    fine && reader.at == words.len()
}

struct Reader<'a> {
    words: &'a [&'a str],
    at: usize,
    broken: bool,
}

impl Reader<'_> {
    fn either(&mut self) -> bool {
        let mut fine = self.both();
        while self.take("OR") {
            // Not `fine || …`: the right side must be read in any case.
            fine |= self.both();
        }
        fine && !self.broken
    }

    fn both(&mut self) -> bool {
        let mut fine = self.one();
        while self.take("AND") {
            fine &= self.one();
        }
        fine
    }

    fn one(&mut self) -> bool {
        if self.take("(") {
            let fine = self.either();
            self.broken |= !self.take(")");
            return fine;
        }
        let Some(name) = self.words.get(self.at) else {
            self.broken = true;
            return false;
        };
        self.at += 1;
        if self.take("WITH") {
            let Some(exception) = self.words.get(self.at) else {
                self.broken = true;
                return false;
            };
            self.at += 1;
            return ALLOWED.contains(&format!("{name} WITH {exception}").as_str());
        }
        ALLOWED.contains(name)
    }

    fn take(&mut self, word: &str) -> bool {
        let there = self.words.get(self.at) == Some(&word);
        self.at += usize::from(there);
        there
    }
}

#[cfg(test)]
mod tests {
    use super::allowed;

    #[test]
    fn one_licence_of_a_choice_is_enough() {
        assert!(allowed("MIT OR GPL-3.0"));
        assert!(allowed("MIT/Apache-2.0"));
        assert!(allowed("GPL-2.0 OR (MIT AND BSD-3-Clause)"));
    }

    #[test]
    fn every_licence_of_a_sum_is_needed() {
        assert!(allowed("(MIT OR Apache-2.0) AND Unicode-3.0"));
        assert!(!allowed("MIT AND GPL-3.0"));
        assert!(!allowed("(MIT OR Apache-2.0) AND LGPL-3.0"));
    }

    #[test]
    fn an_exception_belongs_to_its_licence() {
        assert!(allowed("Apache-2.0 WITH LLVM-exception OR MIT"));
        assert!(!allowed("GPL-2.0 WITH Classpath-exception-2.0"));
    }

    #[test]
    fn what_cannot_be_read_is_not_allowed() {
        for broken in ["", "(MIT", "MIT OR", "MIT Apache-2.0", "SEE LICENSE IN x"] {
            assert!(!allowed(broken), "{broken:?}");
        }
    }
}
