//! One order at the authority, from the account to the certificate.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use instant_acme::{
    Account, AuthorizationStatus, ChallengeType, Error, Identifier, NewAccount, NewOrder, Order, OrderStatus,
    RetryPolicy,
};

use super::cache::Cache;
use super::challenge::Challenges;
use super::{Trouble, config};

/// How the authority is asked whether it has decided.
const POLL: RetryPolicy = RetryPolicy::new().timeout(Duration::from_secs(90));

/// The account that was kept, or a new one.
pub(super) async fn account(settings: &config::Acme, cache: &Cache) -> Result<Account, Trouble> {
    let builder = || match &settings.root {
        Some(root) => Account::builder_with_root(root),
        None => Account::builder(),
    };
    let unreached = |error: Error| {
        let refused = matches!(error, Error::Api(_));
        let error = anyhow::Error::from(error).context(format!("at {}", settings.directory));
        if refused { Trouble::Declined(error) } else { Trouble::Unreached(error) }
    };
    if let Some(kept) = cache.account(&settings.directory) {
        return builder().map_err(unreached)?.from_credentials(kept).await.map_err(unreached);
    }
    let mail = settings.email.as_ref().map(|address| format!("mailto:{address}"));
    let contact: Vec<&str> = mail.iter().map(String::as_str).collect();
    let new = NewAccount { contact: &contact, terms_of_service_agreed: true, only_return_existing: false };
    let created = builder().map_err(unreached)?.create(&new, settings.directory.clone(), None).await;
    let (account, credentials) = created.map_err(unreached)?;
    cache.keep_account(&credentials).map_err(Trouble::Declined)?;
    Ok(account)
}

/// Proves every name and gives back the chain and its key, both as PEM.
pub(super) async fn order(
    domains: &[String],
    account: &Account,
    challenges: &Challenges,
) -> Result<(String, String)> {
    let names: Vec<Identifier> = domains.iter().map(|name| Identifier::Dns(name.clone())).collect();
    let mut order = account.new_order(&NewOrder::new(&names)).await?;
    let mut asked = Ok(());
    let mut authorizations = order.authorizations();
    while let Some(authorization) = authorizations.next().await {
        let mut authorization = authorization?;
        match authorization.status {
            AuthorizationStatus::Valid => continue,
            AuthorizationStatus::Pending => {}
            other => bail!("the authority's state for a name is {other:?}"),
        }
        let mut challenge = authorization
            .challenge(ChallengeType::TlsAlpn01)
            .context("the authority does not prove names by TLS-ALPN-01")?;
        let name = challenge.identifier().to_string();
        challenges.show(&name, challenge.key_authorization().digest().as_ref())?;
        asked = challenge.set_ready().await;
        if asked.is_err() {
            break;
        }
    }
    // An authority that is quick says no at once.
    let decided = match asked {
        Ok(()) => order.poll_ready(&POLL).await,
        Err(error) => Err(error),
    };
    if !matches!(decided, Ok(OrderStatus::Ready | OrderStatus::Valid)) {
        let why = why_not(&mut order).await;
        return match decided {
            Err(error) => Err(anyhow::Error::from(error).context(why)),
            Ok(_) => Err(anyhow::anyhow!(why)),
        };
    }
    let key = order.finalize().await?;
    let chain = order.poll_certificate(&POLL).await?;
    Ok((chain, key))
}

/// What the authority said of each name that it could not prove.
async fn why_not(order: &mut Order) -> String {
    let mut said = Vec::new();
    let mut authorizations = order.authorizations();
    while let Some(Ok(mut authorization)) = authorizations.next().await {
        let Ok(state) = authorization.refresh().await else { continue };
        let problems = state.challenges.iter().filter_map(|challenge| challenge.error.as_ref());
        let problems: Vec<&str> = problems.filter_map(|problem| problem.detail.as_deref()).collect();
        if !problems.is_empty() {
            said.push(format!("{}: {}", state.identifier(), problems.join("; ")));
        }
    }
    format!(
        "the authority could not prove the name; it must lead to this machine, and port 443 to --listen ({})",
        said.join(", ")
    )
}

/// Whether the authority does not know our account any more, as after it was set up anew.
pub(super) fn is_forgotten(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref::<Error>(), Some(Error::Api(problem))
        if problem.r#type.as_deref() == Some("urn:ietf:params:acme:error:accountDoesNotExist"))
}
