//! What one may do: rights, as handlers declare them and tokens carry them; and roles, which are sets of rights.

use std::fmt;

/// Read scores, answers, surveys and the dashboard.
pub const READ: u8 = 1;
/// Take all answers out.
pub const EXPORT: u8 = 1 << 1;
/// Write surveys, review flags.
pub const WRITE: u8 = 1 << 2;
/// Sites, people, tokens, the audit log. Whoever has it has the others, too.
pub const ADMIN: u8 = 1 << 3;

/// Every right with its name, which is the scope of a token.
const NAMED: [(u8, &str); 4] = [(READ, "read"), (EXPORT, "export"), (WRITE, "write"), (ADMIN, "admin")];

/// A set of rights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rights(u8);

impl Rights {
    /// None.
    pub const NONE: Self = Self(0);
    /// Every one.
    pub const ALL: Self = Self(READ | EXPORT | WRITE | ADMIN);

    /// The set of these scopes; `None` if a name is not known.
    pub fn parse<'a>(names: impl IntoIterator<Item = &'a str>) -> Option<Self> {
        let mut rights = Self::NONE;
        for name in names {
            rights.0 |= NAMED.iter().find(|(_, known)| *known == name)?.0;
        }
        Some(rights)
    }

    /// The names of its scopes, as its maker gave them.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        NAMED.iter().filter(move |(right, _)| self.0 & right != 0).map(|(_, name)| *name)
    }

    /// Is `right` among them?
    pub fn has(self, right: u8) -> bool {
        self.0 & (right | ADMIN) != 0
    }

    /// Is there none?
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Both sets together.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// What a person is at a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum)]
pub enum Role {
    /// Reads scores and answers.
    Viewer,
    /// Also writes surveys and reviews flags.
    Editor,
    /// Also exports and erases; sites, people and tokens.
    Owner,
}

impl Role {
    /// Every one, the least first.
    pub const ALL: [Self; 3] = [Self::Viewer, Self::Editor, Self::Owner];

    /// What it may do.
    pub fn rights(self) -> Rights {
        match self {
            Self::Viewer => Rights(READ),
            Self::Editor => Rights(READ | WRITE),
            Self::Owner => Rights::ALL,
        }
    }

    /// Its name, as it is kept and shown.
    pub fn name(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Editor => "editor",
            Self::Owner => "owner",
        }
    }

    /// The role of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_may_what_it_says() {
        for (role, may) in [
            (Role::Viewer, [true, false, false, false]),
            (Role::Editor, [true, false, true, false]),
            (Role::Owner, [true, true, true, true]),
        ] {
            assert_eq!([READ, EXPORT, WRITE, ADMIN].map(|right| role.rights().has(right)), may, "{role}");
            assert_eq!(Role::parse(role.name()), Some(role));
        }
        assert_eq!(Role::parse("admin"), None);
    }

    #[test]
    fn scopes_are_read_and_told_by_name() {
        for (names, may) in [
            (vec![], [false; 4]),
            (vec!["read"], [true, false, false, false]),
            (vec!["export", "write"], [false, true, true, false]),
            (vec!["admin"], [true; 4]),
        ] {
            let rights = Rights::parse(names.iter().copied()).unwrap();
            assert_eq!([READ, EXPORT, WRITE, ADMIN].map(|right| rights.has(right)), may, "{names:?}");
            assert_eq!(rights.names().collect::<Vec<_>>(), names);
        }
        assert_eq!(Rights::parse(["read", "everything"]), None);
    }
}
