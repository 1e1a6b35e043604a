//! From a file to a shop: what is otherwise is changed, by the rules of the interface, and said in plain words.

use std::collections::BTreeMap;
use std::io::{self, Write as _};

use anyhow::{anyhow, ensure};
use parere_shared::instrument::Instrument;
use parere_shared::survey::Survey;
use parere_shared::time::Millis;

use super::{asked, ids, surveys};
use crate::auth::{Action, SiteScope};
use crate::catalogue::zone;
use crate::clock::Clock;
use crate::command::refusal;
use crate::command::user::record;
use crate::import::sentence;
use crate::routes::dashboard::changes;
use crate::routes::sites::{self, SiteIn};
use crate::routes::surveys::checked;
use crate::shop_file::ShopFile;
use crate::store::{Site, Store, SurveyWrite};

/// Who writes surveys, in their history.
const AUTHOR: &str = "parere survey import";

/// A change of one shop.
pub(super) struct Change<'a> {
    pub(super) store: &'a dyn Store,
    pub(super) clock: &'a dyn Clock,
    /// Key of the site.
    pub(super) key: &'a str,
    /// Nothing is written.
    pub(super) is_dry: bool,
}

impl Change<'_> {
    /// Makes the shop what `file` says, and prints every change.
    pub(super) async fn to(&self, file: ShopFile) -> anyhow::Result<()> {
        let mut said = Vec::new();
        let old = self.store.sites().await?.into_iter().find(|site| site.key == self.key);
        let site = match (file.site, old) {
            (Some(sent), old) => self.site(sent, old, &mut said).await?,
            (None, Some(old)) => old,
            (None, None) => return Err(anyhow!("there is no site {}", self.key)),
        };
        let old = surveys(self.store, self.key).await?;
        let known = asked(self.store, self.key).await?;
        // A millisecond apart, so that they are listed in this order.
        for (survey, now) in file.surveys.into_iter().zip(self.clock.now()..) {
            let before = old.iter().find(|before| before.slug == survey.slug);
            let asked_before = file.asked_before.get(&survey.slug).map_or(&[][..], Vec::as_slice);
            self.survey(survey, before, asked_before, &known, &site, now, &mut said).await?;
        }
        let mut out = io::stdout().lock();
        if said.is_empty() {
            said.push(format!("{} is as the file says; nothing was changed", self.key));
        } else if self.is_dry {
            said.insert(0, "nothing was written; this is what would be:".into());
        }
        for line in said {
            writeln!(out, "{line}")?;
        }
        Ok(())
    }

    async fn site(&self, sent: SiteIn, old: Option<Site>, said: &mut Vec<String>) -> anyhow::Result<Site> {
        let Some(old) = old else {
            let site = sites::made(sent, self.clock.now()).map_err(refusal)?;
            said.push(format!("the site {} is made: {}, days of {}", site.key, site.name, site.zone));
            if !self.is_dry {
                ensure!(
                    self.store.add_site(site.clone()).await?,
                    "the key {} cannot be used again",
                    site.key
                );
                self.note(Action::SiteCreate, &site.name).await?;
            }
            return Ok(site);
        };
        let new = sites::changed_site(sent, &old).map_err(|found| anyhow!(sentence(&found)))?;
        let scope = SiteScope::at_the_machine(self.key);
        sites::refuse_other_days(self.store, &scope, &old, &new).await.map_err(refusal)?;
        let (before, after) = (facts(&old)?, facts(&new)?);
        for (name, value) in &after {
            let was = before.get(name);
            if was != Some(value) {
                let was = was.map_or("nothing", String::as_str);
                said.push(format!("the site {}: {name} was {was} and is {value}", self.key));
            }
        }
        if new != old && !self.is_dry {
            self.store.change_site(&scope, new.clone()).await?;
            self.note(Action::SiteChange, &new.name).await?;
        }
        Ok(new)
    }

    #[expect(clippy::too_many_arguments, reason = "what there is, what shall be, and where it is said")]
    async fn survey(
        &self,
        survey: Survey,
        before: Option<&Survey>,
        asked_before: &[Instrument],
        known: &BTreeMap<String, Vec<Instrument>>,
        site: &Site,
        now: Millis,
        said: &mut Vec<String>,
    ) -> anyhow::Result<()> {
        let slug = survey.slug.clone();
        let mut write = checked(survey, None, AUTHOR.into(), now).map_err(refusal)?;
        write.instruments.extend(asked_before.iter().cloned());
        let known = ids(known.get(&slug).into_iter().flatten());
        let unknown = ids(&write.instruments).difference(&known).count();
        let Some(before) = before else {
            said.push(format!("the survey {slug} is made"));
            return self.write(write, Action::SurveyCreate).await;
        };
        for change in changes(before, &write.survey, &zone(&site.zone)) {
            said.push(format!(
                "the survey {slug}: {} was {} and is {}",
                change.what, change.before, change.after
            ));
        }
        let is_same = *before == write.survey;
        if is_same && unknown > 0 {
            said.push(format!("the survey {slug}: {unknown} wordings that it asked before are known now"));
        }
        if is_same && unknown == 0 { Ok(()) } else { self.write(write, Action::SurveyReplace).await }
    }

    async fn write(&self, write: SurveyWrite, action: Action) -> anyhow::Result<()> {
        if self.is_dry {
            return Ok(());
        }
        let scope = SiteScope::at_the_machine(self.key);
        let slug = write.survey.slug.clone();
        let is_written = match action {
            Action::SurveyCreate => self.store.add_survey(&scope, write).await?,
            _ => self.store.replace_survey(&scope, write).await?,
        };
        ensure!(
            is_written,
            "somebody else has changed the survey {slug} meanwhile; the same command can be given again"
        );
        self.note(action, &slug).await
    }

    async fn note(&self, action: Action, target: &str) -> anyhow::Result<()> {
        record(self.store, self.clock, action, Some(self.key), target).await
    }
}

/// A site as it is told: each field with what it is.
fn facts(site: &Site) -> anyhow::Result<BTreeMap<String, String>> {
    let serde_json::Value::Object(fields) = serde_json::to_value(SiteIn::from(site))? else {
        return Ok(BTreeMap::new());
    };
    Ok(fields.into_iter().map(|(name, value)| (name.replace('_', " "), value.to_string())).collect())
}
