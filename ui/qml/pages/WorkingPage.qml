pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Kiosk
import "../controls"

// Something takes time: said in words, with its steps.
PageBase {
    id: root

    property bool shown: !Theme.motion

    ColumnLayout {
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        anchors.verticalCenterOffset: -root.height * 0.06
        spacing: 72

        Spinner {
            Layout.alignment: Qt.AlignHCenter
            opacity: root.shown ? 1 : 0
            size: Theme.landscape ? 180 : 240
        }
        Card {
            Layout.alignment: Qt.AlignHCenter
            Layout.fillWidth: true
            Layout.maximumWidth: 840
            implicitHeight: list.implicitHeight + 56
            visible: root.page.steps.length > 0

            ColumnLayout {
                id: list

                anchors.left: parent.left
                anchors.leftMargin: 48
                anchors.right: parent.right
                anchors.rightMargin: 48
                anchors.verticalCenter: parent.verticalCenter
                spacing: 12

                Repeater {
                    model: root.page.steps.length

                    RowLayout {
                        id: line

                        required property int index
                        readonly property var step: root.page.steps[line.index] ?? ({})
                        readonly property bool now: line.step.state === "now"

                        Layout.fillWidth: true
                        spacing: 28

                        StepMarkSign {
                            Layout.bottomMargin: 12
                            Layout.preferredWidth: 52
                            Layout.topMargin: 12
                            number: line.index + 1
                            phase: line.step.state ?? "later"
                            size: 52
                        }
                        Txt {
                            Layout.fillWidth: true
                            color: line.now ? Theme.ink : Theme.inkMuted
                            font.pixelSize: Sizes.body
                            leading: 1.35
                            strong: line.now
                            text: line.step.label ?? ""
                        }
                    }
                }
            }
        }
        Txt {
            Layout.fillWidth: true
            color: Theme.inkMuted
            font.pixelSize: Sizes.note
            horizontalAlignment: Text.AlignHCenter
            text: Words.t["working.slow"]
            visible: root.page.slow
        }
    }
    Timer {
        interval: Sizes.spinnerMs
        running: true

        onTriggered: root.shown = true
    }
}
