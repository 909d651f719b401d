//! Under which addresses clients are told to come.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};

use crate::config::Config;
use crate::rtc::Way;

/// UDP first; TCP under the web's port, where there is one.
pub fn announced(config: &Config, bound: SocketAddr) -> Vec<(Way, SocketAddr)> {
    let hosts = if !config.announce.is_empty() {
        config.announce.clone()
    } else if bound.ip().is_unspecified() {
        own(bound)
    } else {
        vec![bound.ip()]
    };
    let udp = hosts.iter().map(|host| (Way::Udp, SocketAddr::new(*host, bound.port())));
    let tcp = config
        .tcp
        .into_iter()
        .flat_map(|port| hosts.iter().map(move |host| (Way::Tcp, SocketAddr::new(*host, port))));
    udp.chain(tcp).collect()
}

/// The addresses from which this machine reaches others. A machine with no way out is reached
/// from itself alone.
fn own(bound: SocketAddr) -> Vec<IpAddr> {
    // Addresses for documentation (RFC 5737, RFC 3849): nothing is sent, the system only chooses
    // the interface.
    let ask = |from: IpAddr, to: IpAddr| {
        let socket = UdpSocket::bind(SocketAddr::new(from, 0)).ok()?;
        socket.connect(SocketAddr::new(to, 9)).ok()?;
        Some(socket.local_addr().ok()?.ip())
    };
    let four = ask(Ipv4Addr::UNSPECIFIED.into(), Ipv4Addr::new(192, 0, 2, 1).into());
    let six = bound
        .is_ipv6()
        .then(|| ask(Ipv6Addr::UNSPECIFIED.into(), Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1).into()));
    let mut own: Vec<IpAddr> = four.into_iter().chain(six.flatten()).collect();
    if own.is_empty() {
        own.push(Ipv4Addr::LOCALHOST.into());
    }
    own
}

#[cfg(test)]
mod tests {
    use super::announced;
    use crate::config::Config;
    use crate::rtc::Way;

    #[test]
    fn what_is_configured_is_announced_and_else_what_is_bound() {
        let bound = "127.0.0.1:4000".parse().unwrap();
        let mut config = Config::loopback();
        assert_eq!(announced(&config, bound), [(Way::Udp, bound)]);
        config.announce = vec!["203.0.113.5".parse().unwrap()];
        config.tcp = Some(443);
        let told: Vec<String> = announced(&config, bound).iter().map(|(_, at)| at.to_string()).collect();
        assert_eq!(told, ["203.0.113.5:4000", "203.0.113.5:443"]);
    }

    #[test]
    fn a_socket_on_all_interfaces_announces_one_that_can_be_reached() {
        let told = announced(&Config::loopback(), "0.0.0.0:4000".parse().unwrap());
        assert!(!told.is_empty() && told.iter().all(|(_, at)| !at.ip().is_unspecified()));
    }
}
