#!/usr/bin/env bash
# Makes CIcePanelInvites.xcframework for the package that `cargo xtask dist swift` lays out: run it on a Mac with Xcode and
# rustup, in a clone of the sources.
#
#   bindings/swift/scripts/xcframework.sh PACKAGE [URL]
#
# With the URL under which the zip will be found it writes both, address and checksum, into the package's manifest: a package
# that is taken by its own URL cannot have a path there.
#
# Nobody has run this yet: no Mac was at hand.
set -euo pipefail

package=${1:?the folder of the package}
url=${2-}
cd "$(dirname "$0")/../../.."
package=$(cd "$package" && pwd)

export IPHONEOS_DEPLOYMENT_TARGET=16.0
export MACOSX_DEPLOYMENT_TARGET=13.0

module=CIcePanelInvites
library=libicepanel_invites_ffi.a
work=target/xcframework
rm -rf "$work"
mkdir -p "$work/ios" "$work/simulator" "$work/macos"

build() {
    rustup target add "$1"
    cargo rustc --locked --package icepanel-invites-uniffi --lib --crate-type=staticlib --profile=app --target "$1"
}

for target in aarch64-apple-ios aarch64-apple-ios-sim x86_64-apple-ios aarch64-apple-darwin x86_64-apple-darwin; do
    build "$target"
done
cp "target/aarch64-apple-ios/app/$library" "$work/ios/$library"
lipo -create -output "$work/simulator/$library" \
    "target/aarch64-apple-ios-sim/app/$library" "target/x86_64-apple-ios/app/$library"
lipo -create -output "$work/macos/$library" \
    "target/aarch64-apple-darwin/app/$library" "target/x86_64-apple-darwin/app/$library"

# In a folder of its own: two frameworks with a module map at the top collide in one app.
headers=$work/Headers
mkdir -p "$headers/$module"
cp "$package/Sources/$module/$module.h" "$headers/$module/"
cat > "$headers/$module/module.modulemap" <<END
module $module {
    header "$module.h"
    export *
}
END

framework=$package/$module.xcframework
rm -rf "$framework"
xcodebuild -create-xcframework \
    -library "$work/ios/$library" -headers "$headers" \
    -library "$work/simulator/$library" -headers "$headers" \
    -library "$work/macos/$library" -headers "$headers" \
    -output "$framework"

[ -n "$url" ] || exit 0
zip=$work/$module.xcframework.zip
ditto -c -k --sequesterRsrc --keepParent "$framework" "$zip"
checksum=$(swift package compute-checksum "$zip")
rm -rf "$framework"
sed -i '' \
    "s|path: \"$module.xcframework\"|url: \"$url\", checksum: \"$checksum\"|" \
    "$package/Package.swift"
echo "publish $PWD/$zip as $url"
