pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Kiosk
import "../controls"

// Consent first, then look into the camera; never the only way.
PageBase {
    id: root

    readonly property bool consenting: root.page.state === "consent"
    readonly property bool problem: root.page.state === "again" || root.page.state === "refused"

    ColumnLayout {
        anchors.fill: parent
        spacing: Sizes.gap

        PointList {
            Layout.fillWidth: true
            points: root.page.consent.map((text, index) => ({
                        "title": text,
                        "note": "",
                        "icon": ["camera", "shield", "erase"][index] ?? "check"
                    }))
            visible: root.consenting
        }
        Card {
            Layout.fillHeight: true
            Layout.fillWidth: true
            Layout.maximumHeight: 860
            Layout.minimumHeight: 200
            Layout.preferredHeight: 860
            visible: !root.consenting

            CameraView {
                anchors.centerIn: parent
                anchors.verticalCenterOffset: 8
                dim: root.problem
                live: root.page.preview
                phase: root.page.state
                size: Math.min(parent.width - 300, parent.height - 72)
            }
            Row {
                spacing: 20
                x: 36
                y: 36

                MachinePicture {
                    device: "faceCamera"
                    height: Math.min(250, root.height * 0.3)
                    width: implicitWidth
                }
            }
        }
        StateLine {
            Layout.fillWidth: true
            phase: root.page.state === "done" ? "done" : "working"
            problem: root.problem
            text: root.page.message
            visible: text !== ""
        }
        OtherWays {
            Layout.fillWidth: true
            others: root.page.others
        }
        Txt {
            Layout.fillWidth: true
            color: Theme.inkMuted
            font.pixelSize: Sizes.note
            leading: 1.4
            text: root.page.others[0]?.note ?? ""
            visible: text !== ""
        }
        Item {
            Layout.fillHeight: true
            Layout.preferredHeight: 0
        }
    }
}
