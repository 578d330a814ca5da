import QtQuick
import QtQuick.Layouts
import Kiosk
import "../controls"

// Lay a document on its reader, hold a code before its own, put a UKey in or take it out.
PageBase {
    id: root

    readonly property string phase: root.page.state === "waiting" || root.page.state === "again" ? "waiting" : root.page.state === "done" ? "done" : root.page.state === "take" ? "take" : ["reading", "writing", "away"].includes(root.page.state) ? "working" : "problem"
    readonly property bool wide: Theme.landscape

    ColumnLayout {
        anchors.fill: parent
        spacing: Sizes.gap

        DevicePicture {
            Layout.fillHeight: true
            Layout.fillWidth: true
            Layout.maximumHeight: 800
            Layout.minimumHeight: 200
            Layout.preferredHeight: 800
            device: root.page.illustration
            phase: root.phase
            showWhere: !Theme.elder
            where: root.page.where
        }
        WhereStrip {
            Layout.fillWidth: true
            detail: root.page.tips[0] ?? ""
            device: root.page.illustration
            visible: Theme.elder
            where: root.page.where
        }
        StateLine {
            Layout.fillWidth: true
            detail: Theme.elder ? "" : root.page.tips.join("　")
            phase: root.phase
            problem: root.page.state === "again" || root.page.state === "failed"
            text: root.page.message
            visible: text !== "" || (detail !== "" && !Theme.elder)
        }
        OtherWays {
            Layout.fillWidth: true
            Layout.topMargin: Theme.elder || root.wide ? 0 : 16
            others: root.page.others
            title: Theme.elder ? "" : root.page.othersTitle
        }
        Item {
            Layout.fillHeight: true
            Layout.preferredHeight: 0
        }
    }
}
