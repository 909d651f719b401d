//! Slack's OAuth 2.0: apps that people let in. The page `/oauth/v2/authorize` is one of the web client, which asks
//! `madang.oauth` what is wanted and tells `madang.oauth.decide` what the person decided (`leave`); the app fetches its
//! tokens for the code (`tokens`), gives them back (`end`), or learns who signed in (`openid`).

mod client;
mod end;
mod leave;
mod openid;
mod tokens;

use crate::method;
use crate::methods::Method;

pub(crate) static METHODS: &[Method] = &[
    method!("madang.oauth", User, [], leave::asked),
    method!("madang.oauth.decide", User, [], leave::decided),
    method!("oauth.v2.access", Anyone, [], tokens::access),
    method!("oauth.v2.exchange", Anyone, [], tokens::exchange),
    method!("auth.revoke", Any, [], end::revoke),
    method!("apps.uninstall", BotOrUser, [], end::uninstall),
    method!(
        "openid.connect.token",
        Anyone,
        [],
        openid::token,
        "The id_token is signed with the client's secret (HS256)."
    ),
    method!("openid.connect.userInfo", User, ["openid"], openid::user_info),
];
