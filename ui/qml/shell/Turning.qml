import QtQuick
import Kiosk

// Another page: it comes in reading direction, in 200 ms; nothing moves in elder or reduced mode.
ParallelAnimation {
    id: root

    required property Item item
    property real rest: 0

    NumberAnimation {
        duration: Sizes.pageMs
        from: 0
        property: "opacity"
        target: root.item
        to: 1
    }
    NumberAnimation {
        duration: Sizes.pageMs
        easing.type: Easing.OutCubic
        from: root.rest + 24
        property: "x"
        target: root.item
        to: root.rest
    }
}
