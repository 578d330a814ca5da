pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Kiosk
import "../controls"

// A statement to be signed: its words as they are signed, and beside or below them the pad, then the ink.
PageBase {
    id: root

    readonly property bool problem: root.page.state === "again"
    // Below long words there is no room for a picture of the pad: then none, rather than half of one.
    readonly property bool roomy: Theme.landscape || root.height - (line.visible ? line.implicitHeight + Sizes.gap : 0) - statement.implicitHeight - Sizes.gap >= 120
    readonly property bool seen: root.page.picture !== ""

    ColumnLayout {
        anchors.fill: parent
        spacing: Sizes.gap

        StateLine {
            id: line

            Layout.fillWidth: true
            phase: root.page.state === "writing" ? "waiting" : "working"
            problem: root.problem
            text: root.page.message
            visible: text !== ""
        }
        GridLayout {
            Layout.fillHeight: true
            Layout.fillWidth: true
            columnSpacing: Sizes.gap
            columns: Theme.landscape ? 2 : 1
            rowSpacing: Sizes.gap

            SignedText {
                id: statement

                Layout.alignment: Qt.AlignTop
                Layout.fillWidth: true
                Layout.preferredWidth: Theme.elder ? (root.seen ? 740 : 860) : 620
                day: root.page.day
                facts: root.page.facts
                heading: root.page.heading
                paragraphs: root.page.paragraphs
            }
            Card {
                Layout.alignment: Qt.AlignTop
                Layout.fillHeight: true
                Layout.fillWidth: true
                Layout.maximumHeight: 560
                Layout.minimumHeight: 160
                Layout.preferredHeight: 560
                Layout.preferredWidth: Theme.elder && Theme.landscape ? (root.seen ? 380 : 300) : 460
                visible: root.seen

                Image {
                    anchors.fill: parent
                    anchors.margins: 24
                    cache: false
                    fillMode: Image.PreserveAspectFit
                    objectName: "ink"
                    source: root.seen ? "image://paper/" + root.page.picture : ""
                    sourceSize: Qt.size(width, height)
                }
            }
            DevicePicture {
                Layout.alignment: Qt.AlignTop
                Layout.fillHeight: true
                Layout.fillWidth: true
                Layout.maximumHeight: 640
                Layout.minimumHeight: 120
                Layout.preferredHeight: 560
                Layout.preferredWidth: Theme.elder && Theme.landscape ? (root.seen ? 380 : 300) : 460
                device: root.page.illustration
                phase: root.page.state === "writing" ? "waiting" : "working"
                showWhere: !Theme.elder && !Theme.landscape
                visible: !root.seen && root.roomy
                where: root.page.where
            }
        }
        Item {
            Layout.fillHeight: true
            Layout.preferredHeight: 0
        }
    }
}
