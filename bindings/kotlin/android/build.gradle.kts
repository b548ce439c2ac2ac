// The Android library (AAR): the Kotlin of ../invites, and the native libraries that ../scripts/android.sh builds.
// Nobody has built it with Gradle yet: ../docs/android.md.
plugins {
    id("com.android.library")
    id("org.jetbrains.kotlin.android")
    id("maven-publish")
}

val pom = file("../pom.xml").readText()

fun fromPom(name: String) = Regex("<$name>(.*)</$name>").find(pom)!!.groupValues[1]

// It must be the version of the crate with the same name.
val verifier =
    Regex("name = \"rustls-platform-verifier-android\"\nversion = \"(.*)\"")
        .find(file("../../../Cargo.lock").readText())!!
        .groupValues[1]

group = fromPom("groupId")
version = fromPom("version")

android {
    namespace = "icepanel.invites"
    compileSdk = 36

    defaultConfig {
        minSdk = 26
        consumerProguardFiles("../invites/src/main/resources/META-INF/proguard/icepanel-invites.pro")
    }

    sourceSets.getByName("main").kotlin.srcDirs("../invites/src/main/kotlin", "../generated/invites/kotlin")

    compileOptions {
        sourceCompatibility = JavaVersion.VERSION_17
        targetCompatibility = JavaVersion.VERSION_17
    }

    publishing {
        singleVariant("release") { withSourcesJar() }
    }
}

kotlin {
    explicitApi()
    jvmToolchain(17)
}

dependencies {
    api("org.jetbrains.kotlinx:kotlinx-coroutines-android:${fromPom("coroutines.version")}")
    implementation("net.java.dev.jna:jna:${fromPom("jna.version")}@aar")
    implementation("rustls:rustls-platform-verifier:$verifier")
}

publishing {
    publications {
        register<MavenPublication>("release") {
            artifactId = "icepanel-invites-android"
            afterEvaluate { from(components["release"]) }
        }
    }
}
