//! Limits on connections, per address and for the whole process.

#[cfg(target_os = "linux")]
use std::any::Any;
use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, Shutdown, SocketAddr, TcpListener};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use actix_web::dev::Extensions;
use actix_web::rt::net::TcpStream;
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use socket2::{Domain, Protocol, SockFilter, SockRef, Socket, Type};
use users::ClientNetwork;

/// The minimum interval between log entries about refusals, so that refused clients do not fill the log.
const LOGGED_EVERY: Duration = Duration::from_secs(60);

/// Connections that may wait to be accepted.
const BACKLOG: i32 = 1024;

/// Listens at an address that another process may have just released.
pub(crate) fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    socket.set_reuse_address(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    Ok(socket.into())
}

/// Stops new connections to a listener; established ones can still be accepted. A client that connects retries after
/// about a second, and then reaches another process or is refused.
#[cfg(target_os = "linux")]
pub(crate) fn refuse_new_connections(listener: &TcpListener) -> io::Result<()> {
    const FLAGS: u32 = 13;
    const SYN: u32 = 0x02;
    let load_byte = |at| SockFilter::new(0x30, 0, 0, at);
    let skip_unless = |bits| SockFilter::new(0x45, 0, 1, bits);
    let pass = |bytes| SockFilter::new(0x06, 0, 0, bytes);
    // The kernel runs this filter on every segment for the listener, from its TCP header on.
    SockRef::from(listener).attach_filter(&[load_byte(FLAGS), skip_unless(SYN), pass(0), pass(u32::MAX)])
}

/// On other systems, a connection that begins as the listener closes may be reset.
#[cfg(not(target_os = "linux"))]
pub(crate) fn refuse_new_connections(_: &TcpListener) -> io::Result<()> {
    Ok(())
}

/// The open connections, by network.
pub(crate) struct Connections {
    most: usize,
    exempt: Vec<IpAddr>,
    open: Mutex<Open>,
}

#[derive(Default)]
struct Open {
    by_network: HashMap<ClientNetwork, usize>,
    refused: u64,
    logged_at: Option<Instant>,
}

/// The slot of a connection. Released when the connection ends, which drops this.
struct Slot {
    of: Arc<Connections>,
    network: ClientNetwork,
}

impl Connections {
    /// At most `most` per address. `exempt` addresses are unlimited: proxies that forward many clients.
    pub(crate) fn new(most: usize, exempt: &[IpAddr]) -> Arc<Self> {
        Arc::new(Self { most, exempt: exempt.to_vec(), open: Mutex::default() })
    }

    /// Assigns a slot to a new connection, or closes it at once: a client that sends nothing would never get a
    /// response.
    pub(crate) fn on_connect(self: &Arc<Self>, io: &dyn Any, extensions: &mut Extensions) {
        let Some(stream) = io.downcast_ref::<TcpStream>() else { return };
        let place = stream.peer_addr().ok().map(|peer| self.admit(peer.ip()));
        match place {
            Some(Verdict::Exempt) => {}
            Some(Verdict::Slot(place)) => drop(extensions.insert(place)),
            // The peer has disconnected, or exceeds the limit.
            None | Some(Verdict::Refused) => drop(SockRef::from(stream).shutdown(Shutdown::Both)),
        }
    }

    fn admit(self: &Arc<Self>, address: IpAddr) -> Verdict {
        if self.exempt.iter().any(|exempt| exempt.to_canonical() == address.to_canonical()) {
            return Verdict::Exempt;
        }
        let network = ClientNetwork::of(address);
        let mut open = self.open();
        let held = open.by_network.get(&network).copied().unwrap_or_default();
        if held >= self.most {
            open.refuse(self.most);
            return Verdict::Refused;
        }
        open.by_network.insert(network, held + 1);
        Verdict::Slot(Slot { of: Arc::clone(self), network })
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The decision on a new connection.
enum Verdict {
    Slot(Slot),
    Exempt,
    Refused,
}

impl Open {
    fn refuse(&mut self, most: usize) {
        self.refused += 1;
        if self.logged_at.is_none_or(|at| at.elapsed() >= LOGGED_EVERY) {
            log::warn!("server.connections_refused number={} most_per_address={most}", self.refused);
            self.refused = 0;
            self.logged_at = Some(Instant::now());
        }
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut open = self.of.open();
        // An address without connections must not use memory.
        match open.by_network.get_mut(&self.network) {
            Some(held) if *held > 1 => *held -= 1,
            _ => drop(open.by_network.remove(&self.network)),
        }
    }
}

/// Raises the limit of open files, and so of connections, to the maximum that the system allows.
pub(crate) fn raise_file_limit() {
    let raised = getrlimit(Resource::RLIMIT_NOFILE).and_then(|(soft, hard)| {
        if soft < hard {
            setrlimit(Resource::RLIMIT_NOFILE, hard, hard)?;
        }
        Ok((soft, hard))
    });
    match raised {
        Ok((before, now)) => log::info!("server.file_limit before={before} now={now}"),
        Err(error) => log::warn!("server.file_limit error={error}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_admitted(verdict: &Verdict) -> bool {
        !matches!(verdict, Verdict::Refused)
    }

    #[test]
    fn an_address_has_its_places_and_gets_them_back() {
        let connections = Connections::new(2, &[]);
        let (one, other) = ("192.0.2.1".parse().unwrap(), "192.0.2.2".parse().unwrap());
        let held = [connections.admit(one), connections.admit(one)];
        assert!(held.iter().all(is_admitted));
        assert!(!is_admitted(&connections.admit(one)));
        assert!(!is_admitted(&connections.admit("::ffff:192.0.2.1".parse().unwrap())), "the same address");
        assert!(is_admitted(&connections.admit(other)));
        drop(held);
        assert!(is_admitted(&connections.admit(one)));
        assert!(connections.open().by_network.is_empty(), "what has ended takes no memory");
    }

    #[test]
    fn ipv6_has_its_places_by_network() {
        let connections = Connections::new(1, &[]);
        let held = connections.admit("2001:db8:0:1::1".parse().unwrap());
        assert!(is_admitted(&held));
        assert!(!is_admitted(&connections.admit("2001:db8:0:1:ffff::2".parse().unwrap())));
        assert!(is_admitted(&connections.admit("2001:db8:0:2::1".parse().unwrap())));
    }

    #[test]
    fn proxies_in_our_trust_bring_the_connections_of_many() {
        let proxy = "192.0.2.9".parse().unwrap();
        let connections = Connections::new(1, &[proxy]);
        let held: Vec<Verdict> = (0..10).map(|_| connections.admit(proxy)).collect();
        assert!(held.iter().all(is_admitted));
    }
}
