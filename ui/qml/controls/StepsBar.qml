pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Kiosk

// The stations of the service: tick in a blue ring, red seal square with the number, outline ring.
RowLayout {
    id: root

    readonly property bool compact: root.natural > root.width
    readonly property real natural: root.steps.reduce((sum, step) => sum + metrics.advanceWidth(step.label) + 88, 0)
    property var steps: []

    spacing: 12

    FontMetrics {
        id: metrics

        font.bold: true
        font.family: Theme.bodyFont
        font.pixelSize: 26
    }
    Repeater {
        model: root.steps.length

        RowLayout {
            id: station

            required property int index
            readonly property bool done: station.step.state === "done"
            readonly property bool last: station.index === root.steps.length - 1
            readonly property bool now: station.step.state === "now"
            readonly property var step: root.steps[station.index] ?? ({
                    "label": "",
                    "state": "later"
                })

            Layout.fillWidth: !station.last
            spacing: 10

            StepMarkSign {
                number: station.index + 1
                phase: station.step.state
            }
            Txt {
                color: station.now ? Theme.ink : Theme.inkMuted
                font.pixelSize: station.now ? 26 : 24
                strong: station.now
                text: station.step.label
                visible: !root.compact || station.now
                wrapMode: Text.NoWrap
            }
            Rectangle {
                Layout.fillWidth: true
                Layout.leftMargin: 2
                Layout.minimumWidth: 12
                color: station.done ? Theme.primary : Theme.line
                implicitHeight: 2
                visible: !station.last
            }
        }
    }
}
