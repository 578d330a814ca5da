pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Kiosk
import "../controls"

// Scanned pages: where to lay one, the page as it was seen, or all that are kept.
PageBase {
    id: root

    readonly property bool listed: root.page.state === "list"
    readonly property bool problem: root.page.state === "again"
    readonly property bool seen: root.page.picture !== ""

    ColumnLayout {
        anchors.fill: parent
        spacing: Sizes.gap

        StateLine {
            Layout.fillWidth: true
            phase: root.page.state === "reading" ? "working" : "done"
            problem: root.problem
            text: root.page.message
            visible: text !== ""
        }
        Card {
            Layout.fillHeight: true
            Layout.fillWidth: true
            Layout.maximumHeight: 1000
            Layout.minimumHeight: 240
            Layout.preferredHeight: 1000
            visible: !root.listed

            PaperView {
                id: paper

                anchors.bottom: parent.bottom
                anchors.left: parent.left
                anchors.margins: 36
                anchors.top: parent.top
                live: root.page.preview
                picture: root.page.picture
                width: root.seen || root.page.preview ? parent.width - 72 : Math.min(parent.width * 0.52, height * 210 / 297)
            }
            PaperHints {
                anchors.left: paper.right
                anchors.leftMargin: 40
                anchors.right: parent.right
                anchors.rightMargin: 36
                anchors.verticalCenter: parent.verticalCenter
                device: root.page.illustration
                tips: root.page.tips
                visible: !root.seen && !root.page.preview
                where: root.page.where
            }
        }
        PaperGrid {
            Layout.fillHeight: true
            Layout.fillWidth: true
            choices: root.page.choices
            visible: root.listed
        }
        Item {
            Layout.fillHeight: true
            Layout.preferredHeight: 0
            visible: !root.listed
        }
    }
}
