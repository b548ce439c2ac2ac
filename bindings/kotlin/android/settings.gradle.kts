pluginManagement {
    // One place has the versions: the POM of the jar.
    val pom = settingsDir.resolve("../pom.xml").readText()
    val kotlin = Regex("<kotlin.version>(.*)</kotlin.version>").find(pom)!!.groupValues[1]
    repositories {
        google()
        mavenCentral()
    }
    plugins {
        id("com.android.library") version "8.13.0"
        id("org.jetbrains.kotlin.android") version kotlin
    }
}

dependencyResolutionManagement {
    repositories {
        google()
        mavenCentral()
        // The Kotlin part of rustls-platform-verifier is here and not in Maven Central. An app needs this repository too.
        maven {
            url = uri("https://github.com/rustls/rustls-platform-verifier/raw/maven-archive/android-release-support/maven/")
            content { includeGroup("rustls") }
        }
    }
}

rootProject.name = "icepanel-invites-android"
