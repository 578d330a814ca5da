pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Kiosk

// The stations one below the other, for the rail of the landscape screen.
Column {
    id: root

    property real row: 74
    property var steps: []

    Repeater {
        model: root.steps.length

        RowLayout {
            id: station

            required property int index
            readonly property bool now: station.step.state === "now"
            readonly property var step: root.steps[station.index] ?? ({
                    "label": "",
                    "state": "later"
                })

            height: root.row
            spacing: 20
            width: root.width

            StepMarkSign {
                Layout.leftMargin: (48 - size) / 2
                Layout.preferredWidth: size
                Layout.rightMargin: (48 - size) / 2
                number: station.index + 1
                phase: station.step.state
                size: Math.min(48, root.row - 2)
            }
            Txt {
                Layout.fillWidth: true
                color: station.now ? Theme.ink : Theme.inkMuted
                font.pixelSize: 28
                leading: 1.2
                strong: station.now
                text: station.step.label
            }
        }
    }
}
