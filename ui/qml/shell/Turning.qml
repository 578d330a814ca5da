import QtQuick
import Kiosk

// Another page: it comes in reading direction, in 200 ms; nothing moves in elder or reduced mode.
Item {
    id: root

    required property Item content
    property bool still: false
    property alias shift: slide.x

    function turn(): void {
        coming.stop();
        root.content.opacity = 1;
        slide.x = 0;
        if (Theme.motion && !root.still)
            coming.start();
    }

    Component.onCompleted: root.content.transform = [slide]

    Translate {
        id: slide
    }
    ParallelAnimation {
        id: coming

        NumberAnimation {
            duration: Sizes.pageMs
            from: 0
            property: "opacity"
            target: root.content
            to: 1
        }
        NumberAnimation {
            duration: Sizes.pageMs
            easing.type: Easing.OutCubic
            from: 24
            property: "x"
            target: slide
            to: 0
        }
    }
    Connections {
        function onTurned(): void {
            root.turn();
        }

        target: Flow
    }
}
