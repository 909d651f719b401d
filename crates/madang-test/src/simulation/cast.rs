//! Who lives in the simulated house, and on how many devices.

use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use madang_model::PersonId;
use serde_json::{Value, json};

use super::device::{Device, Key};
use super::plan::DEVICES;
use super::world::World;
use crate::house::House;

/// Everybody, in the order in which `plan::DEVICES` counts their devices.
pub const CAST: [&str; 7] = ["nari", "joon", "mina", "haneul", "bori", "sam", "dara"];

/// Lets everybody in. Sam comes by mail and dara by a link, as guests.
///
/// # Errors
/// When somebody is not let in.
pub async fn let_in(house: &House, world: &Arc<World>) -> Result<Vec<Arc<Device>>> {
    let mut devices = Vec::new();
    for (place, name) in CAST.into_iter().enumerate() {
        let (person, key) = match name {
            "nari" => owner(house).await?,
            "sam" => by_mail(house).await?,
            "dara" => by_link(house).await?,
            _ => member(house, name).await?,
        };
        let email = (name != "dara").then(|| format!("{name}@example.com"));
        devices.push(Device::new(format!("{name}/0"), person, email.clone(), key, world.clone()));
        let first = devices.last().expect("it was pushed just now").clone();
        for number in 1..DEVICES[place] {
            let (status, made) =
                first.ask(&reqwest::Method::POST, "/tokens", Some(&json!({"label": "device"}))).await?;
            ensure!(status == 201, "{name} has no second device: {made}");
            let key = Key::Token(text(&made, "token")?);
            devices.push(Device::new(format!("{name}/{number}"), person, email.clone(), key, world.clone()));
        }
    }
    for device in devices.iter().filter(|device| device.name.ends_with("/0") && device.email.is_some()) {
        // Guests are in already; for them the open space does not exist.
        device.ask(&reqwest::Method::POST, &format!("/spaces/{}/join", house.space), None).await?;
    }
    Ok(devices)
}

fn text(answer: &Value, name: &str) -> Result<String> {
    answer[name].as_str().map(str::to_owned).with_context(|| format!("{name} in {answer}"))
}

async fn owner(house: &House) -> Result<(PersonId, Key)> {
    let (_, me) = house.ask(Some(&house.token), "GET", "/me", None).await?;
    Ok((text(&me["me"], "id")?.parse()?, Key::Token(house.token.clone())))
}

async fn member(house: &House, name: &str) -> Result<(PersonId, Key)> {
    let (id, token) = house.member(name)?;
    if name == "joon" {
        let body = Some(json!({"role": "admin"}));
        let (status, answer) = house.ask(Some(&house.token), "PATCH", &format!("/people/{id}"), body).await?;
        ensure!(status == 200, "joon is no admin: {answer}");
    }
    Ok((id.parse()?, Key::Token(token)))
}

async fn by_mail(house: &House) -> Result<(PersonId, Key)> {
    let path = format!("/spaces/{}/members", house.space);
    let body = Some(json!({"email": "sam@example.com"}));
    let (_, answer) = house.ask(Some(&house.token), "POST", &path, body).await?;
    let url = text(&answer["invitation"], "url")?;
    let body = json!({"name": "sam", "password": "sam likes the garden too"});
    enter(house, &format!("/invitations/{}", last(&url)?), &body).await
}

async fn by_link(house: &House) -> Result<(PersonId, Key)> {
    let path = format!("/spaces/{}/links", house.space);
    let (_, answer) = house.ask(Some(&house.token), "POST", &path, Some(json!({}))).await?;
    let url = text(&answer["link"], "url")?;
    enter(house, &format!("/join/{}", last(&url)?), &json!({"name": "dara"})).await
}

fn last(url: &str) -> Result<&str> {
    url.rsplit('/').next().context("a link has a secret at its end")
}

/// Comes in as a new person, with the cookie that a browser would get.
async fn enter(house: &House, path: &str, body: &Value) -> Result<(PersonId, Key)> {
    let origin = house.origin().to_owned();
    let answer = house.client.post(house.url(path)).header("origin", origin).json(body).send().await?;
    let cookie = answer.headers().get("set-cookie").and_then(|it| it.to_str().ok());
    let cookie = cookie.and_then(|it| it.split(';').next()).map(str::to_owned);
    let me: Value = answer.json().await?;
    let cookie = cookie.with_context(|| format!("nobody came in: {me}"))?;
    Ok((text(&me["me"], "id")?.parse()?, Key::Cookie(cookie)))
}
