//! Rights: the catalogue of permissions, roles and what they grant, memberships, and the [`Actor`] whom every rule asks.

mod actor;
mod change_membership;
mod change_role;
mod log_in;
mod membership;
mod permission;
mod platform;
mod role;

pub use actor::{Actor, Forbidden};
pub use change_membership::{MembershipChange, MembershipRefused, remove_member};
pub use change_role::RoleChangeRefused;
pub use log_in::{LogInObstacle, Standing, log_in_obstacle};
pub use membership::{Membership, TicketReach};
pub use permission::Permission;
pub use platform::{PlatformPermission, PlatformRole};
pub use role::{Role, RoleKey, SeededRole};
