//! Keys to data. Only this folder makes them.

/// Permission to act on one site's data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteScope {
    site: String,
}

impl SiteScope {
    /// For the person at the machine, who can read the database file anyway: the command line and first start.
    pub fn at_the_machine(site: &str) -> Self {
        Self::new(site)
    }

    /// For what a source of the site tells; `hooks/receive.rs` hands it out with a message whose signature is right.
    pub(crate) fn of_source(site: &str) -> Self {
        Self::new(site)
    }

    /// For whoever shows a link that only we can have made: its own invitation is all that is asked for with it.
    pub(crate) fn by_link(site: &str) -> Self {
        Self::new(site)
    }

    pub(super) fn new(site: &str) -> Self {
        Self { site: site.into() }
    }

    /// Key of the site.
    pub fn site(&self) -> &str {
        &self.site
    }
}

/// Permission to read what concerns several sites, or all of them and the collector itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SitesScope {
    sites: Option<Vec<String>>,
}

impl SitesScope {
    /// For the person at the machine.
    pub fn at_the_machine() -> Self {
        Self::new(None)
    }

    pub(super) fn new(sites: Option<Vec<String>>) -> Self {
        Self { sites }
    }

    /// Keys of the sites; `None` for everything.
    pub fn sites(&self) -> Option<&[String]> {
        self.sites.as_deref()
    }
}
