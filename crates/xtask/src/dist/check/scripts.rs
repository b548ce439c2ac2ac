//! What a user types, in an empty folder. `$DIST` is the folder that was made, `$FILES` has the programs that invite
//! somebody in the sandbox, `$ARCHIVE` the command for this machine, `$TOOLS` the package managers, `$SOURCE` the sources that were packed, `$REGISTRY`
//! is npm's registry with our packages alone.

/// How somebody installs a package, and uses it.
pub(super) struct Check {
    pub(super) name: &'static str,
    /// The part of `dist` that it installs.
    pub(super) part: &'static str,
    /// The tool that must be there; what has none comes with the machine.
    pub(super) tool: &'static str,
    /// Whether Rust is on the path.
    pub(super) rust: bool,
    /// Whether it takes seconds, and no network.
    pub(super) fast: bool,
    pub(super) script: &'static str,
}

pub(super) const fn check(
    name: &'static str,
    part: &'static str,
    tool: &'static str,
    script: &'static str,
) -> Check {
    Check {
        name,
        part,
        tool,
        rust: false,
        fast: false,
        script,
    }
}

const fn fast(name: &'static str, part: &'static str, script: &'static str) -> Check {
    Check {
        fast: true,
        ..check(name, part, "", script)
    }
}

const fn with_rust(
    name: &'static str,
    part: &'static str,
    tool: &'static str,
    script: &'static str,
) -> Check {
    Check {
        rust: true,
        ..check(name, part, tool, script)
    }
}

pub(super) const CHECKS: &[Check] = &[
    fast(
        "the archive of the command",
        "command",
        r#"
case "$ARCHIVE" in
  *.zip) $PYTHON -m zipfile -e "$ARCHIVE" . ;;
  *) tar -xzf "$ARCHIVE" ;;
esac
cd icepanel-invites-*
./icepanel-invites --version
./icepanel-invites demo | grep 'nobody invited twice'
test -s man/man1/icepanel-invites.1 && test -s completions/icepanel-invites.bash && test -s THIRD-PARTY.txt
"#,
    ),
    with_rust(
        "cargo install",
        "rust",
        "cargo",
        r#"
for crate in "$DIST"/rust/*.crate; do tar -xzf "$crate"; done
patch() { echo --config "patch.crates-io.$1.path='$PWD/$1-$VERSION'"; }
cargo install --quiet --root installed --path icepanel-invites-cli-$VERSION $(patch icepanel-invites) $(patch icepanel-sandbox)
installed/bin/icepanel-invites demo | grep 'nobody invited twice'
"#,
    ),
    fast(
        "pip",
        "python",
        r#"
$PYTHON -m venv venv
venv/$BIN/pip install --quiet --no-index --find-links "$DIST/python" icepanel-invites
venv/$BIN/python "$FILES/invite.py" | grep 'created 1'
venv/$BIN/icepanel-invites demo | grep 'nobody invited twice'
venv/$BIN/python -m icepanel_invites --version
"#,
    ),
    check(
        "uv, uvx",
        "python",
        "uv",
        r#"
uv venv --quiet venv
uv pip install --quiet --python venv --offline --no-index --find-links "$DIST/python" icepanel-invites
venv/bin/python "$FILES/invite.py" | grep 'created 1'
uvx --quiet --offline --no-index --find-links "$DIST/python" icepanel-invites demo | grep 'nobody invited twice'
"#,
    ),
    check(
        "poetry",
        "python",
        "poetry",
        r#"
export POETRY_VIRTUALENVS_IN_PROJECT=true
poetry init --quiet --no-interaction --name consumer --python '>=3.10'
poetry add --quiet --no-interaction "$DIST"/python/icepanel_invites-*-abi3-manylinux*_x86_64*.whl
poetry run python "$FILES/invite.py" | grep 'created 1'
"#,
    ),
    check(
        "pipx",
        "python",
        "pipx",
        r#"
export PIPX_HOME=$PWD/pipx PIPX_BIN_DIR=$PWD/bin
pipx run --spec "$DIST"/python/icepanel_invites-*-abi3-manylinux*_x86_64*.whl icepanel-invites demo | grep 'nobody invited twice'
"#,
    ),
    check(
        "PyInstaller",
        "python",
        "pyinstaller",
        r#"
"$TOOLS/python/bin/pip" install --quiet --no-index --force-reinstall --find-links "$DIST/python" icepanel-invites
"$TOOLS/python/bin/pyinstaller" --log-level ERROR --onefile "$FILES/invite.py"
env -i dist/invite | grep 'created 1'
"#,
    ),
    check(
        "the tests of the wheel",
        "python",
        "",
        r#"
$PYTHON -m venv venv
venv/bin/pip install --quiet -r "$SOURCE/python/requirements-pytest.txt"
venv/bin/pip install --quiet --no-index --find-links "$DIST/python" icepanel-invites
python=$PWD/venv/bin/python
cd "$SOURCE/python"
# The scenarios and the types do not depend on how the wheel is linked.
$python -m pytest -q -n 2 -p no:cacheprovider tests --ignore=tests/test_scenarios.py --ignore=tests/test_typing.py
"#,
    ),
    with_rust(
        "pip, from the sources",
        "python",
        "cargo",
        r#"
python3 -m venv venv
venv/bin/pip install --quiet "$DIST"/python/icepanel_invites-*.tar.gz
venv/bin/python "$FILES/invite.py" | grep 'created 1'
"#,
    ),
    fast(
        "npm, npx",
        "node",
        r#"
echo '{ "private": true }' > package.json
npm install --silent --no-audit --no-fund --registry "$REGISTRY" --cache cache icepanel-invites
cp "$FILES/invite.mjs" .
node invite.mjs | grep 'created 1'
npx --no-install icepanel-invites demo | grep 'nobody invited twice'
{ node --conditions=browser --eval 'require("icepanel-invites")' 2>&1 || true; } | grep 'does not run in a browser'
"#,
    ),
    check(
        "pnpm",
        "node",
        "pnpm",
        r#"
echo '{ "private": true }' > package.json
pnpm add --silent --store-dir store --registry "$REGISTRY" icepanel-invites
cp "$FILES/invite.mjs" .
node invite.mjs | grep 'created 1'
pnpm exec icepanel-invites demo | grep 'nobody invited twice'
"#,
    ),
    check(
        "yarn, plug'n'play",
        "node",
        "yarn",
        r#"
echo '{ "name": "consumer", "private": true }' > package.json
touch yarn.lock
cat > .yarnrc.yml <<END
nodeLinker: pnp
pnpEnableEsmLoader: true
npmRegistryServer: "$REGISTRY"
unsafeHttpWhitelist: ["127.0.0.1"]
enableGlobalCache: false
enableTelemetry: false
END
yarn add icepanel-invites > /dev/null
cp "$FILES/invite.mjs" .
yarn node invite.mjs | grep 'created 1'
yarn icepanel-invites demo | grep 'nobody invited twice'
"#,
    ),
    check(
        "Bun",
        "node",
        "bun",
        r#"
echo '{ "private": true }' > package.json
bun add --silent --registry "$REGISTRY" --cache-dir cache icepanel-invites
cp "$FILES/invite.mjs" .
bun run invite.mjs | grep 'created 1'
"#,
    ),
    check(
        "Deno",
        "node",
        "deno",
        r#"
export DENO_DIR=$PWD/cache NPM_CONFIG_REGISTRY=$REGISTRY
echo '{ "private": true, "dependencies": { "icepanel-invites": "'$VERSION'" } }' > package.json
deno install --quiet --minimum-dependency-age=0 || deno install --quiet
cp "$FILES/invite.mjs" .
deno run --allow-all invite.mjs | grep 'created 1'
"#,
    ),
    check(
        "@vercel/nft, esbuild, webpack",
        "node",
        "esbuild",
        r#"
echo '{ "private": true }' > package.json
npm install --silent --no-audit --no-fund --registry "$REGISTRY" --cache cache icepanel-invites
cp "$FILES/invite.mjs" .
export NODE_PATH=$TOOLS/node/node_modules
node --eval 'require("@vercel/nft").nodeFileTrace(["invite.mjs"]).then(({ fileList }) => console.log([...fileList].join("\n")))' | grep '\.node$'
mkdir out
esbuild invite.mjs --bundle --platform=node --format=esm --banner:js='import { createRequire } from "node:module"; const require = createRequire(import.meta.url); const __filename = import.meta.filename ?? import.meta.url; const __dirname = import.meta.dirname;' --loader:.node=copy --outfile=out/esbuild.mjs --log-level=error
esbuild invite.mjs --bundle --platform=node --format=esm --packages=external --outfile=external.mjs --log-level=error
node external.mjs | grep 'created 1'
cat > webpack.config.js <<END
module.exports = {
  mode: 'production', target: 'node20', entry: './invite.mjs',
  output: { path: '$PWD/out', filename: 'webpack.js' },
  externals: { 'icepanel-invites/testing': 'commonjs icepanel-invites/testing' },
}
END
webpack --config webpack.config.js > webpack.txt
node out/webpack.js | grep 'created 1'
"#,
    ),
    check(
        "Maven",
        "kotlin",
        "mvn",
        r#"
. "$FILES/hosts.sh"
java_consumer
java -cp 'classes:lib/*' Invite | grep 'created 1'
"#,
    ),
    check(
        "Gradle",
        "kotlin",
        "gradle",
        r#"
mkdir -p src/main/java
cp "$FILES/Invite.java" src/main/java
echo 'rootProject.name = "consumer"' > settings.gradle
cat > build.gradle <<END
plugins { id 'java' }
repositories { maven { url = 'file://$DIST/kotlin' }; mavenCentral() }
dependencies { implementation '$GROUP:icepanel-invites:$VERSION'; implementation '$GROUP:icepanel-invites-testing:$VERSION' }
task classpath { dependsOn 'classes'; doLast { println sourceSets.main.runtimeClasspath.asPath } }
END
java -cp "$(gradle --quiet --no-daemon --gradle-user-home home classpath | tail -n 1)" Invite | grep 'created 1'
"#,
    ),
    check(
        "SwiftPM",
        "swift",
        "swift",
        r#"
mkdir -p Sources/consumer
cp "$FILES/main.swift" Sources/consumer
cat > Package.swift <<END
// swift-tools-version: 6.0
import PackageDescription
let package = Package(
    name: "consumer",
    platforms: [.macOS(.v13)],
    dependencies: [.package(name: "icepanel-invites", path: "$DIST/swift")],
    targets: [
        .executableTarget(name: "consumer", dependencies: [
            .product(name: "IcePanelInvites", package: "icepanel-invites"),
            .product(name: "IcePanelInvitesTesting", package: "icepanel-invites"),
        ])
    ]
)
END
native=$DIST/swift/Native/linux-$(uname -m)
swift run --quiet -Xlinker -L$native -Xlinker -rpath -Xlinker $native | grep 'created 1'
"#,
    ),
];
